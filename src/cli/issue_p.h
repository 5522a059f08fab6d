/* cli/issue_p.h - issuing as `blue issue` and `demo` do it. */
#ifndef KP_CLI_ISSUE_P_H
#define KP_CLI_ISSUE_P_H

#include "cli/cli_p.h"

/* Findings of a set, as rows of shape_findings. */
struct findings {
	struct grid g;
	const struct invoice_set *set;
};
/* Forgets the old rows and listens to the warnings of the set; f may be NULL. */
void findings_start(struct findings *f, struct invoice_set *set);
/* A finding_each. */
void findings_add(void *arg, size_t index, const struct tax_finding *f);

struct issue_report {
	struct grid rows;
	size_t total, issued;
	enum err worst;
	bool needs_person, unsent;       /* unsent: the worst could not be sent as configured */
	bool red;                        /* the worst */
	const struct findings *warnings; /* or NULL */
	char first[900], first_no[64];   /* of the worst */
};
void issue_report_init(struct issue_report *p);
void issue_report_free(struct issue_report *p);
/* After the second refusal the text also says whom to ask (features F4). */
void issue_tell_person(struct cli *c, const struct invoice_record *r, char *text, size_t size);
/* note: what to say when there is nothing worse to say. */
enum err issue_report_add(struct cli *c, struct issue_report *p, int64_t id, bool repeat,
			  const char *note);
/* Prints the rows; returns the worst verdict with its sentence in c->e. */
enum err issue_report_print(struct cli *c, struct issue_report *p);

/* Waits for red invoices that have their number and prints how each stands. */
enum err issue_settle_red(struct cli *c, const int64_t *ids, const bool *repeat, size_t n);

/* Does it with each of the arguments and prints how each stands; waits for them if they go to the
 * tax side.  Returns the worst. */
typedef enum err (*invoice_deed_fn)(struct session *s, const char *no, int64_t *id,
				    struct err_info *e);
enum err cli_deeds(struct cli *c, invoice_deed_fn deed, bool wait);

/* Fetches stale data where that is needed; *trouble tells what could not be fetched. */
enum err issue_refresh(struct cli *c, struct invoice_set *set, struct findings *warnings,
		       struct err_info *trouble);
/* After a refusal: were there enough numbers when it was looked, and another was quicker?  A few
 * times: look again. */
bool cli_short_again(const struct cli *c, int *round);
/* Refreshes and issues; waiting for the result is the caller's. */
enum err issue_set(struct cli *c, struct invoice_set *set, int64_t *ids, bool *repeat,
		   struct findings *warnings);

/* Rows of shape_drafts; the same as {"results"} or a table. */
enum err cli_add_drafts(struct cli *c, struct grid *to, const int64_t *ids, size_t n);
enum err cli_print_drafts(struct cli *c, const int64_t *ids, size_t n);

/* Adds the lines of a workbook to the only invoice of the set (--mode, --partial, --failures). */
enum err lines_into(struct cli *c, const char *file, struct invoice_set *set);

#endif
