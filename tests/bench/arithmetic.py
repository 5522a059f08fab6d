"""A million invoice lines through the tax room, against Python's decimal doing the same lines."""
import time

import peer_decimal
from measure import Fault, Row, duration, median, run, times, tool

OURS, PEER, ROUNDS, WANTED = 1000000, 20000, 7, 50


def peer_round(texts):
    start = time.process_time()
    done = peer_decimal.invoices(texts)
    return time.process_time() - start, done


def measure():
    lines = tool("lines")
    texts = peer_decimal.read(run([lines, "dump", str(PEER)]).out)
    ours, peers = [], []
    for _ in range(ROUNDS):  # in turns, so that both meet the same machine
        ran = run([lines, "run", str(OURS), str(PEER), "1"]).json()
        seconds, done = peer_round(texts)
        ours.append(ran["ns"][0] / 1e9 / ran["lines"])
        peers.append(seconds / PEER)
    if peer_decimal.checksum(done) != ran["prefix"]:
        raise Fault("the peer computes other figures: the comparison is worthless")
    ratio = median(peers) / median(ours)
    return [Row("arithmetic of a line, %d lines" % OURS, duration(median(ours)),
                duration(median(peers)) + " Python decimal", times(ratio), "≥ %dx" % WANTED,
                ratio >= WANTED)]
