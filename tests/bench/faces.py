"""PDFs per second of one core.

The peer writes the same finished faces anew as PDF through the same drawing library (pdftocairo of
poppler-utils, twenty in one process): drawing without any layout.
"""
import os
import shutil
import tempfile

from measure import ROOT, Fault, Row, median, run, times, tool

ROUNDS, COPIES, TIMES, WANTED = 5, 20, 40, 50
FACES = (("a PDF of one line", "01-ordinary-inclusive"),
         ("a PDF of thirty lines", "10-thirty-lines"))


def ours_round(sample, output):
    """PDFs per second of CPU time, as the tool counts them."""
    done = run([tool("render"), "pdf", sample, "-n", str(TIMES), "-o", output,
                "--watermark", "演练"])
    return float(done.out.split()[2])


def peer_round(united, output):
    return COPIES / run(["pdftocairo", "-pdf", united, output]).cpu


def face(what, sample, folder):
    one, united, output = (os.path.join(folder, name) for name in ("one.pdf", "all.pdf", "out.pdf"))
    ours_round(sample, one)
    run(["pdfunite"] + [one] * COPIES + [united])
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(ours_round(sample, one))
        peers.append(peer_round(united, output))
    made = median(ours)
    return Row(what, "%.0f/s" % made, "%.0f/s pdftocairo" % median(peers),
               times(made / median(peers)), "≥ %d/s" % WANTED, made >= WANTED)


def measure():
    for needed in ("pdfunite", "pdftocairo"):
        if not shutil.which(needed):
            raise Fault("%s is missing (package poppler-utils)" % needed)
    with tempfile.TemporaryDirectory(prefix="kaipiao-bench-") as folder:
        return [face(what, os.path.join(ROOT, "templates", "samples", name + ".json"), folder)
                for what, name in FACES]
