#!/usr/bin/env python3
"""Everything that changes who may issue - units, their verification, freezing, the 安全验证 date,
开票员, 接入条件, abilities - with KAIPIAO_CRASH_AT=1,2,3,...: after each death the home opens and
shows the state of before or of after, its audit row with it, and the same verb once more brings
what was begun to its end (features B12 B14 B17 C12 C13 C15 C16 C25 N69)."""
import contextlib
import os
import shutil
import sqlite3

import kp
import unitlab

CRASHED, MAX_POINTS = 86, 80
# What access is made of; times differ between runs.
SHAPES = (
    "SELECT id, role, env, tax_no, name, leqi_id, direct_id, relation, state, verify_error, phone,"
    " url, key_hint, issue_channel, collect_channel, abilities, handler, safety_until,"
    " frozen_at <> 0, frozen_why, granted_at FROM unit ORDER BY id",
    "SELECT unit_id, name, id_type, id_no, state, platform FROM drawer ORDER BY id",
    "SELECT unit_id, item, answer, note FROM eligibility ORDER BY unit_id, item",
    "SELECT unit_id, ability, has, by_person FROM unit_ability ORDER BY unit_id, ability",
)
AUDIT = ("SELECT COALESCE(unit_id, 0), action, subject, before, after FROM audit"
         " WHERE action NOT LIKE 'session%' ORDER BY id")


def ask(home, query):
    with contextlib.closing(sqlite3.connect(os.path.join(home.path, "kaipiao.db"))) as db:
        return db.execute(query).fetchall()


def state(home):
    return [ask(home, q) for q in SHAPES]


def sound(home):
    return (ask(home, "PRAGMA integrity_check") == [("ok",)]
            and not ask(home, "PRAGMA foreign_key_check"))


class Change:
    """One verb.  again: how the verb ends on a home where it is done already; asks: the tax side
    answers it, unit by unit, by jobs; prepare: verbs before it; least: steps it has at least."""

    def __init__(self, name, *args, again=0, asks=False, prepare=(), least=1):
        self.name, self.args, self.again, self.asks = name, args, again, asks
        self.prepare, self.least = prepare, least


def copy_of(home, name):
    top = os.path.join(home.top, name)
    shutil.copytree(home.path, top + "/kaipiao")
    return kp.Home(top + "/kaipiao")


def of_units(tables):
    """What each unit is, in all tables together; every row begins with its unit."""
    return {unit: [[r for r in rows if r[0] == unit] for rows in tables]
            for unit in {r[0] for rows in tables for r in rows}}


def whole(now, before, after):
    """Each unit is as it was or as it will be, none of them in part."""
    now, before, after = of_units(now), of_units(before), of_units(after)
    return all(now.get(u) in (before.get(u), after.get(u)) for u in {**now, **before, **after})


def drop(home):
    shutil.rmtree(home.top)


def undisturbed(home, change):
    """What it looks like after a run nobody disturbs; the rows of the audit it adds."""
    one = copy_of(home, "whole")
    rows = len(ask(one, AUDIT))
    code, doc, err = one.run(*change.args)
    if code:
        raise AssertionError("%s: %d %s %s" % (change.name, code, doc, err))
    after, added = state(one), ask(one, AUDIT)[rows:]
    drop(one)
    return after, added


def one_death(home, change, point, before, wanted):
    after, added = wanted
    one, bad = copy_of(home, "of-%d" % point), []
    rows = len(ask(one, AUDIT))
    code, doc, err = one.run(*change.args, env={"KAIPIAO_CRASH_AT": str(point)})
    if code not in (0, CRASHED):
        bad.append("exit %d %s" % (code, err))
    now, told = state(one), ask(one, AUDIT)[rows:]
    if not sound(one):
        bad.append("the store is broken")
    if not (whole(now, before, after) if change.asks else now in (before, after)):
        bad.append("half done: %s" % [(a, b) for a, b in zip(now, after) if a != b])
    jobs = ask(one, "SELECT COUNT(*) FROM job WHERE kind = 'unit.verify'")[0][0] - change.jobs
    begun = jobs > 0 if change.asks else now == after
    if told != (added if begun else []):
        bad.append("audit and state differ: %s" % told)
    if one.run("unit", "list")[0] or one.run("doctor", "--offline")[0] not in (0, 3):
        bad.append("the home does not open")
    done = now == after
    if change.asks and begun:
        # What was asked for is in the home: the engine alone ends it.
        if one.run("sync", "--once")[0] or state(one) != after:
            bad.append("the engine did not end it")
    code2, doc2, err2 = one.run(*change.args)
    if code2 != (change.again if done else 0):
        bad.append("once more: %d %s" % (code2, err2))
    if state(one) != after:
        bad.append("never done: %s" % [(a, b) for a, b in zip(state(one), after) if a != b])
    left = ask(one, "SELECT kind, state FROM job WHERE state IN ('ready', 'running')")
    if left and one.run("sync", "--once")[0]:
        bad.append("left over: %s" % left)
    if ask(one, "SELECT kind FROM job WHERE state = 'running'"):
        bad.append("a job runs for ever")
    if state(one) != after:
        bad.append("the engine changed it")
    drop(one)
    return code == 0, done and code == CRASHED, bad


def every_step(t, home, change):
    place = copy_of(home, change.name.replace(" ", "-"))
    for verb in change.prepare:
        place.run(*verb, check=0)
    before = state(place)
    wanted = undisturbed(place, change)
    change.jobs = ask(place, "SELECT COUNT(*) FROM job WHERE kind = 'unit.verify'")[0][0]
    t.ok(wanted[0] != before and wanted[1],
         "%s: changes something and tells it" % change.name, before, wanted)
    point, survived, late, found = 0, False, 0, []
    while not survived and point < MAX_POINTS:
        point += 1
        survived, was_done, bad = one_death(place, change, point, before, wanted)
        late += was_done
        found += ["step %d: %s" % (point, b) for b in bad]
    t.ok(survived and point > change.least, "%s: every step was tried" % change.name, point)
    t.ok(late > 0, "%s: it died after the commit, too" % change.name, late)
    t.same(found, [], "%s: before or after, and once more ends it (%d steps)"
           % (change.name, point - 1))
    drop(place)


def changes(sb, home):
    d, u = sb.direct, sb.using
    no, top = u["tax_no"], ("--role", "direct")
    key = home.file(d["keys"]["正式"], "key-of-crash.txt")
    os.chmod(key, 0o600)
    new = unitlab.new(sb)
    reset = ("unit", "edit", d["tax_no"], *top, "--leqi-id", d["leqi_id"])
    companies = home.file("企业名称,税号,乐企ID,直连单位税号\n甲公司,91440300MAKP0A011Y,"
                          "c0ffee00c0ffee00c0f0,%s\n乙公司,91440300MAKP0B012X,"
                          "c0ffee00c0ffee00c0f1,%s\n" % (d["tax_no"], d["tax_no"]), "two.csv")
    drawer = ("drawers", "add", "--name", "林小满", "--id-no", "11010519491231002X")
    return [
        Change("unit add", *new, again=3),
        Change("unit edit", "unit", "edit", no, "--phone", "0755-1", "--handler", "财务负责人",
               "--issue-channel", "电子税局/RPA"),
        Change("unit edit direct", "unit", "edit", d["tax_no"], *top, "--key-file", key, "--name",
               d["name"] + "甲", "--abilities", "入账"),
        Change("unit import", "unit", "import", companies),
        Change("unit verify", "unit", "verify", unitlab.NEW_NO, asks=True, least=4,
               prepare=[new]),
        Change("unit verify direct", "unit", "verify", d["tax_no"], *top, asks=True, least=4,
               prepare=[reset]),
        Change("unit verify two", "unit", "verify", d["tax_no"], unitlab.NEW_NO, asks=True,
               least=8, prepare=[new, reset]),
        Change("unit freeze", "unit", "freeze", no, "--reason", "合同到期", again=3),
        Change("unit unfreeze", "unit", "unfreeze", no, again=3, prepare=[("unit", "freeze", no)]),
        Change("unit safety", "unit", "safety", no, "2099-12-31"),
        Change("unit remove", "unit", "remove", unitlab.NEW_NO, again=3, prepare=[new]),
        Change("drawers add", *drawer, again=3),
        Change("drawers edit", "drawers", "edit", "林小满", "--state", "stopped", "--platform",
               "另一平台", prepare=[drawer]),
        Change("drawers remove", "drawers", "remove", "林小满", again=3, prepare=[drawer]),
        Change("eligibility", "eligibility", "--answer", "1=yes", "--note", "自建商城"),
        Change("ability", "reconcile", "collect", "no"),
    ]


def main():
    with kp.Tap() as t, kp.Sandbox(result_delay=0) as sb, kp.Home() as home:
        home.setup(sb, numbers=0, quota="")
        unitlab.known(sb)
        for change in changes(sb, home):
            every_step(t, home, change)


main()
