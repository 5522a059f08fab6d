/* tax/tax.h - facade of the tax room: what an invoice is.
 *
 * Purpose     Pure rules over structs: lines, discounts, tax-inclusive <-> exclusive, totals,
 *             capitals, validation, taxpayer and number checks, the invoice's own JSON form.
 * Invariants  No I/O, no clock, no globals that change.  Amounts are int64_t fen, rates int32_t
 *             parts per million, quantities and prices struct dec; no floating point.  What the
 *             clerk entered is never changed by computing: computed members stand beside it, so
 *             changing the view any number of times changes nothing that is sent (invariant I6).
 * Ownership   Structs own their char * members (never NULL after *_init, "" when empty) and arrays;
 *             *_free releases them and leaves an empty struct.
 *
 *   invoice.h       the structs, their text fields as a table, init/copy/free
 *   calc.h          arithmetic of lines, discounts, totals; views
 *   words.h         amount in capitals
 *   ids.h           tax numbers, identity cards, invoice numbers
 *   code.h          tax codes, rates, preferences, regions and other code tables
 *   taxpayer.h      what the tax side says about the seller, and who may issue
 *   spread.h        one amount over several rows
 *   tolerance.h     尾差: differences, limits, mends
 *   portal.h        the smaller limits of the tax bureau's page
 *   validate.h      every rule checked before an invoice is sent
 *   split.h         one invoice over a limit into several
 *   merge.h         several of one buyer into one
 *   red.h           red letters and red invoices
 *   share.h         how much is claimed and downloaded without being asked
 *   calendar.h      what is done when
 *   summary.h       汇总确认: months and their six figures
 *   invoice_json.h  the JSON form of the command line contract
 */
#ifndef KP_TAX_TAX_H
#define KP_TAX_TAX_H

#include "tax/calc.h"
#include "tax/calendar.h"
#include "tax/code.h"
#include "tax/ids.h"
#include "tax/invoice.h"
#include "tax/invoice_json.h"
#include "tax/merge.h"
#include "tax/portal.h"
#include "tax/red.h"
#include "tax/share.h"
#include "tax/split.h"
#include "tax/spread.h"
#include "tax/summary.h"
#include "tax/taxpayer.h"
#include "tax/tolerance.h"
#include "tax/validate.h"
#include "tax/words.h"

#endif
