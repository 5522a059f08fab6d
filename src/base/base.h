/* base.h - facade of the base room.
 *
 * Purpose     The floor of the house: errors, memory, text, exact decimals, business time, JSON,
 *             files, logging and secrets.  Everything above stands on it; it stands on libc, cJSON
 *             (json), GMP (decimal) and OpenSSL (secret) alone.
 * Invariants  No network, no SQL, no terminal.  No binary floating point.  Nothing depends on the
 *             locale or TZ.  Every growing buffer has a maximum.  Text from outside is never
 *             trusted to be valid UTF-8.  State of the process: the clock, the log and the count
 *             of crash points (thread safe); the width of ambiguous characters (set at start).
 * Ownership   Functions that return `char *` give memory to the caller (free()); `const char *`
 *             is borrowed.  Structs are plain values unless they have a _free function.
 *
 *   err.h      classes of failure and the sentence for the person
 *   buf.h      growing bytes with a maximum; allocation that never returns NULL
 *   text.h     UTF-8, terminal columns, GBK bytes, cleaning
 *   pinyin.h   readings of Chinese characters
 *   match.h    does a typed text mean this name
 *   decimal.h  exact decimals, fen, rates
 *   term.h     words and labels of the values of an enum
 *   date.h     the clock and the calendar of UTC+8
 *   address.h  forms of e-mail addresses, hosts, URLs
 *   json.h     strict reading, plain writing
 *   file.h     whole or absent files, locks, names
 *   log.h      the technical log
 *   process.h  no core files, no tracing
 *   secret.h   sealed keys, hashes, random bytes
 *   thread.h   threads without signals, waiting
 *   embed.h    data files inside the binary
 *   crash.h    dying on purpose, for tests
 */
#ifndef KP_BASE_BASE_H
#define KP_BASE_BASE_H

#include "base/address.h"
#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/embed.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/match.h"
#include "base/pinyin.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/term.h"
#include "base/text.h"
#include "base/thread.h"

#endif
