/* sandbox/sandbox.h - the practice platform: a strict tax side of its own.
 *
 * Purpose     `leqi-sandbox` answers the interfaces of abilities 202007 (own use), 202076 (joint
 *             use), 202077 (use by others) and 203067 (归集) the way the real platform does, refuses
 *             what it refuses, and fails on demand.  It shares nothing with the client but text,
 *             files and JSON of src/base: arithmetic, content checks and encryption are written
 *             here a second time, so that a mistake of the client cannot agree with itself.
 * Invariants  One process, one state directory (DIR/lock), a thread per connection, one SQLite
 *             connection behind one mutex.  Everything accepted is committed before it is answered.
 * Ownership   The state directory belongs to the running process: DIR/sandbox.db (state),
 *             DIR/ca.pem + ca.key (own authority), DIR/server.pem + server.key, DIR/ports (ports
 *             of the last start).
 *
 * Start       One JSON line on stdout: url_prod, url_sandbox, ca_file, control, server_name, units.
 * TLS port    POST /access/v2/invoke/ABILITY/SERVICE/           environment 正式
 *             POST /access/sandbox/v2/invoke/ABILITY/SERVICE/   environment 沙箱 (also newsandbox)
 *             Keys, numbers, quota and invoices are separate per environment.
 *
 * Control port (plain HTTP, loopback, JSON in and out; env is 正式 or 沙箱, also prod and sandbox)
 *   GET  /state                       counters, clock, active switches, units
 *   GET  /invoices?env=&seller=       accepted invoices in order of acceptance
 *   GET  /invoices?number=            one of them, with its body
 *   GET  /contents?number=            every content ever uploaded under a number (or at all)
 *   GET  /requests?since=ID&service=&limit=&bodies=0   log of interface calls
 *   GET  /quota?env=  GET /segments?env=  GET /units  GET /faults
 *   POST /units     {"tax_no":…, any column of the unit table}   adds or changes a unit
 *   POST /quota     {"tax_no","env","month","total","paused","deadline"}   amounts as text
 *   POST /filed     {"tax_no","env","month"}          the month is filed: interval to its end
 *   POST /locked    {"tax_no","env","month","locked"} the month is reconciled: no more uploads
 *   GET  /summary                     months confirmed (汇总确认)
 *   POST /summary   {"tax_no","env","month","state":"confirmed"|"open"}   by another software
 *   POST /clock     {"shift":SECONDS} or {"now":"ISO"}
 *   POST /taxcodes  {"codes":[{"code","name","short_name","vat_rates","levy_rates","summary",
 *                    "cezs","start","stop"}]}         changes rows under a new timestamp
 *   POST /invoice   {"number","env","do":"remove"|"change"|"state"|"add","fpzt","tax_no","kprq",
 *                    "fppz","gmfmc","gmfnsrsbh","hjje","hjse","jshj"}   behind the client's back
 *   POST /fill      {"tax_no","env","count","prefix","kprq","fppz"}      many of another channel
 *   POST /rates     {"rate":"0.13","state":"1"}       stops (1) or enables (0) a rate
 *   GET  /red?env=&tax_no=&blue=&state=&number=   red letters' forms, calls per interface
 *   POST /red/blue  another company's invoice, or an old one: {"seller","seller_name","buyer",
 *                   "buyer_name","kind","kprq","number","code","paper","lines":[{"name","short",
 *                   "code","amount","tax","rate","quantity","price","unit","spec"}]}
 *   POST /red/mark  {"blue","code","fpyt","rzzt","ycpzzt","hzsdbs","fpzt","zzsyhyt","undeducted",
 *                   "refused","swapped"}
 *   POST /red/apply {"blue","code","role":"buyer"|"seller","reason","lines"}   others apply
 *   POST /red/act   {"uuid"|"number","do":"confirm"|"deny"|"revoke","by"}   others react
 *   POST /red/issue {"uuid"}   others issue   POST /red/state {"uuid","state"}
 *   POST /red/auto  {"do":"confirm"|"deny"|"none","after":SECONDS,"other":TAX_NO}
 *   POST /red/fill  {"tax_no","count","lines","role","applicant","state","apart","entered"}
 *   POST /faults    {"switch": value, …, "replace": true}   see the table in faults.c
 *   POST /faults/clear, DELETE /faults
 */
#ifndef KP_SANDBOX_SANDBOX_H
#define KP_SANDBOX_SANDBOX_H

/* The whole program: reads its arguments, serves until a signal, a closed stdin (with
 * --exit-with-stdin) or the death of --parent-pid; returns the exit code. */
int sandbox_main(int argc, char **argv);

#endif
