/* cli/batch_p.h - 批量开票 on the command line: running, and issuing a file as one. */
#ifndef KP_CLI_BATCH_P_H
#define KP_CLI_BATCH_P_H

#include "cli/cli_p.h"
#include "sync/sync.h"

/* Issues running batches until `batch` (0: all of them) is at rest or the time is over; nothing
 * with --no-wait.  Jobs it ends are added to sum (may be NULL). */
enum err cli_batch_drive(struct cli *c, int64_t batch, struct sync_summary *sum);

/* Files with too many orders for one go, workbooks, CSV: *fd is the open file then, else -1 and the
 * invoices are in set. */
enum err cli_orders_open(struct cli *c, const char *path, struct invoice_set *set, int *fd);
/* `blue issue` and `blue check` of such a file. */
enum err cli_orders_issue(struct cli *c, const char *path, int fd);
/* Such a file as invoices for drafts: all of them or an error. */
enum err cli_orders_draft(struct cli *c, const char *path, int fd, struct invoice_set *set);
enum err cli_orders_check(struct cli *c, const char *path, int fd);

#endif
