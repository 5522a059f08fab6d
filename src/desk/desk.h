/* desk/desk.h - facade of the desk room: what a person can do.
 *
 * Purpose     One function per thing a person can do.  Each takes a session, checks permission,
 *             asks the rules of the tax room, and writes facts, intents (jobs) and the audit row
 *             in one transaction.  Also the read side: pages of lists, inside the session's scope.
 * Invariants  No network, no terminal.  A refused action stores nothing.  Every change has its
 *             audit row.  Numbers and quota are taken in the transaction that stores the invoice
 *             and its upload, so two clerks cannot both take the last one (I1, I2).
 * Ownership   A session owns its database connection: one per thread.  Lists hand rows to
 *             callbacks; texts in them live during the call.  Intents are collected in a struct
 *             desk_wait, which the caller frees.
 *
 *   session.h   open a home as somebody; unit; roles     home.h       init, backup, restore
 *   wait.h      waiting for jobs and invoices            unit.h       直连单位, 使用单位
 *   taxpayer.h  企业基本信息                             numbers.h    数电领购
 *   claims.h    领购, and continuing one
 *   quota.h     额度                                     issue.h      check, draft, issue
 *   records.h   开票记录 as files, history               watch.h      what a person should look at
 *   report.h    统计报表
 *   invoices.h  开票记录, layout files                   taxcodes.h   税收分类编码
 *   params.h    which parameters there are               goods_fill.h lines from the catalogue
 *   lines.h     导入明细
 *   engine.h    jobs, parameters, health                 auto.h       what issuing fetches
 *   log.h       乐企请求日志
 *   post.h      交付与推送: pushes, mails
 *   batch.h     批量开票                             phrases.h    备注常用语
 *   prices.h    what a buyer got last
 *   drafts.h    草稿: list, 合并, 拆分
 *   templates.h 发票模板
 *   recon.h     对账: a month beside the tax side
 *   red.h       红字确认单, red invoices
 *   calendar.h  what is done when, and what was          summary.h   乐企汇总确认
 *   forms.h     forms not finished                       memory.h     buyers and goods used before
 *   access.h    安全验证, 接入条件                   drawers.h   开票员
 */
#ifndef KP_DESK_DESK_H
#define KP_DESK_DESK_H

#include "desk/access.h"
#include "desk/auto.h"
#include "desk/batch.h"
#include "desk/buyers.h"
#include "desk/calendar.h"
#include "desk/claims.h"
#include "desk/doctor.h"
#include "desk/drafts.h"
#include "desk/drawers.h"
#include "desk/engine.h"
#include "desk/forms.h"
#include "desk/goods.h"
#include "desk/home.h"
#include "desk/invoices.h"
#include "desk/issue.h"
#include "desk/lines.h"
#include "desk/log.h"
#include "desk/memory.h"
#include "desk/numbers.h"
#include "desk/params.h"
#include "desk/params_port.h"
#include "desk/phrases.h"
#include "desk/post.h"
#include "desk/prices.h"
#include "desk/quota.h"
#include "desk/recon.h"
#include "desk/records.h"
#include "desk/red.h"
#include "desk/report.h"
#include "desk/session.h"
#include "desk/summary.h"
#include "desk/taxcodes.h"
#include "desk/taxpayer.h"
#include "desk/templates.h"
#include "desk/transfer.h"
#include "desk/types.h"
#include "desk/unit.h"
#include "desk/wait.h"
#include "desk/watch.h"

#endif
