/* store/store.h - facade of the store room: all SQL of the program, one file per aggregate.
 *
 * Purpose     Durable facts: units, taxpayer data, numbers, quota, invoices, jobs, request log,
 *             audit, tax codes, settings, users.
 * Invariants  Writing functions run inside a transaction opened by the caller (desk or sync), so
 *             that facts, job and audit row are one commit.  Values are bound, never pasted into
 *             SQL.  I1: every number of every segment is free (beyond `taken` of an open segment),
 *             expired, or has exactly one row in number_taken.  I2: quota_month.unused and
 *             .reserved are the sums of quota_entry.  Numbers and quota belong to a unit, and a
 *             unit to an environment, so environments never mix (features N64).
 * Ownership   Row structs own their char * members; *_free releases.  Lists are filled through
 *             callbacks or pages of at most the asked size.
 *
 *   db.h        connection, transaction, statement      settings.h  users, parameters, audit
 *   unit.h      units, taxpayer data, rates              numbers.h   segments and numbers
 *   quota.h     quota ledger                             invoices.h  invoices, lists, batches
 *   jobs.h      intents                                  reqlog.h    request log
 *   taxcodes.h  classification                           home.h      files of the home directory
 *   forms.h     forms not finished                       memory.h    habits
 *   buyers.h    购方信息                                goods.h     商品信息
 *   post.h      推送, 邮件
 *   types.h     业务类型                                find.h      search index of the catalogues
 *   invoices_find.h  searches of invoices
 *   batch.h     batches of orders                    drafts.h    what drafts became
 *   phrases.h   备注常用语                           prices.h    what a buyer paid last
 *   templates.h 发票模板                            recon.h     对账, abilities
 *   red.h       红字确认单                       due.h       what is due unasked
 *   claims.h    领购 in pieces
 *   calendar.h  runs of the calendar          summary.h   汇总确认
 *   access.h    开票员, 接入条件, 安全验证
 */
#ifndef KP_STORE_STORE_H
#define KP_STORE_STORE_H

#include "store/access.h"
#include "store/batch.h"
#include "store/calendar.h"
#include "store/buyers.h"
#include "store/claims.h"
#include "store/db.h"
#include "store/drafts.h"
#include "store/due.h"
#include "store/find.h"
#include "store/forms.h"
#include "store/goods.h"
#include "store/home.h"
#include "store/invoices.h"
#include "store/invoices_find.h"
#include "store/jobs.h"
#include "store/key.h"
#include "store/memory.h"
#include "store/numbers.h"
#include "store/phrases.h"
#include "store/post.h"
#include "store/prices.h"
#include "store/quota.h"
#include "store/recon.h"
#include "store/red.h"
#include "store/report.h"
#include "store/reqlog.h"
#include "store/settings.h"
#include "store/summary.h"
#include "store/taxcodes.h"
#include "store/templates.h"
#include "store/types.h"
#include "store/unit.h"

#endif
