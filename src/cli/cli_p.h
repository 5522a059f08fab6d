/* cli/cli_p.h - between the files of the command line. */
#ifndef KP_CLI_CLI_P_H
#define KP_CLI_CLI_P_H

#include "base/base.h"
#include "desk/desk.h"
#include "sync/sync.h"

enum {
	CLI_ARGS = 64,
	CLI_OPTIONS = 48,
	CLI_OUT_MAX = 512 * 1024 * 1024,
	LIST_DEFAULT = 50,
	LIST_MAX = 1000
};

struct cli;
typedef enum err (*action_fn)(struct cli *c);

/* One option of a verb; arg NULL: a flag.  An arg with '|' lists the words that are allowed (and
 * their synonyms, args.c). */
struct option {
	const char *name, *arg, *help;
};

enum column_type {
	COLUMN_TEXT,
	COLUMN_OPTIONAL, /* "" is null */
	COLUMN_NUMBER,
	COLUMN_ID, /* a number that names something; 0, which names nothing, is blank for people */
	COLUMN_BOOL,
	COLUMN_MONEY, /* a string with two decimals; grouped for people */
	COLUMN_TIME,  /* ISO with zone; plain for people */
	COLUMN_TREE,  /* a JSON value of its own */
};
/* ON_CARD: shown to people where there is one row alone; FOR_SEVERAL: where there are several units
 * (cli_grid_units). */
enum { FOR_JSON = 1, FOR_PEOPLE = 2, FOR_BOTH = 3, ON_CARD = 4, FOR_SEVERAL = 8 };

/* One member of a row: JSON key and heading. */
struct column {
	const char *key, *label;
	enum column_type type;
	unsigned who; /* 0: FOR_BOTH */
};
/* What a verb prints: ends with a column without key. */
struct shape {
	const char *name; /* as `help json` calls it */
	const struct column *columns;
};

enum { NO_SESSION = 1 };
/* A verb, or a verb with its sub-verb: one row of the table in verbs.c. */
struct action {
	const char *verb, *sub; /* sub NULL: the verb stands alone */
	const char *synopsis;   /* positional arguments */
	int min, max;           /* how many of them */
	const char *help;
	const struct option *options;
	action_fn run;
	unsigned flags;
	const struct shape *shape; /* NULL: documented in the text of help json */
};
extern const struct action cli_actions[]; /* ends with verb NULL */
extern const struct option cli_globals[];

struct cli {
	const char *home_arg, *unit, *env, *user;
	bool json, no_wait;
	int64_t timeout_ms;
	char home[HOME_PATH];
	const struct action *action;
	const char *args[CLI_ARGS];
	int argc;
	struct {
		const char *name, *value;
	} options[CLI_OPTIONS];
	int option_count;
	struct session *s;
	struct buf out;
	bool document;       /* a JSON document was written */
	bool open;           /* and stands open: an error may have to go into it */
	struct json_out doc; /* where it goes on */
	struct err_info e;
};

/* ---- args.c ---- */
/* Splits argv into global options, verb, options and positional arguments. */
enum err cli_parse(struct cli *c, int argc, char **argv);
/* Value of an option ("" for a flag), or NULL when it was not given. */
const char *cli_option(const struct cli *c, const char *name);
/* --env, wherever it stands. */
const char *cli_env(const struct cli *c);
bool cli_flag(const struct cli *c, const char *name);
/* --limit (1..1000) and --cursor. */
enum err cli_paging(struct cli *c, int *limit, int64_t *cursor);
enum err cli_int_option(struct cli *c, const char *name, int64_t min, int64_t max, int64_t *out);
/* "on" or "off" as the first argument. */
enum err cli_on_off(struct cli *c, bool *on);
enum err cli_usage(struct cli *c, const char *fmt, ...) ERR_PRINTF(2, 3);

/* ---- cli.c ---- */
/* Lets the engine work until w is settled or the time is over; nothing with --no-wait. */
enum err cli_wait(struct cli *c, struct desk_wait *w);
/* The same, and then how the jobs ended. */
enum err cli_wait_jobs(struct cli *c, struct desk_wait *w);
/* Sends what is in c->out to standard output now. */
void cli_flush(struct cli *c);
/* A line for people; nothing with --json. */
void cli_say(struct cli *c, const char *fmt, ...) ERR_PRINTF(2, 3);
/* A document that begins: '{' is open.  cli_document_end leaves it open for the error the run may
 * end with; cli_document_close ends it at once, for output that cannot wait. */
void cli_document(struct cli *c, struct json_out *o);
void cli_document_end(struct cli *c, struct json_out *o);
void cli_document_close(struct cli *c);
/* Runs another verb's work inside this one: opens and closes the session of c->home. */
enum err cli_session(struct cli *c);

/* ---- grid.c: rows of cells, printed as table, card or JSON ---- */
struct grid {
	const struct shape *shape;
	size_t width, count, cap; /* columns; cells */
	char **cells;
	bool several; /* units, so that their column is shown */
};
void cli_grid_init(struct grid *g, const struct shape *shape);
void cli_grid_free(struct grid *g);
/* Are there several units, so that a row has to name its own? */
void cli_grid_units(struct cli *c, struct grid *g);
/* The name of a unit and its environment; "" for 0. */
void cli_grid_unit(struct cli *c, struct grid *g, int64_t unit_id);
void cli_grid_text(struct grid *g, const char *s);
void cli_grid_textf(struct grid *g, const char *fmt, ...) ERR_PRINTF(2, 3);
void cli_grid_int(struct grid *g, int64_t v);
void cli_grid_bool(struct grid *g, bool v);
void cli_grid_fen(struct grid *g, int64_t fen);
void cli_grid_time(struct grid *g, int64_t t); /* 0: none */
size_t cli_grid_rows(const struct grid *g);
/* {"total","rows","next"} or a table; next "" ends.  at_least: the total is only counted so far
 * ("at_least": true).  A verb that lists calls cli_list, which calls this. */
void cli_grid_print_page(struct cli *c, const struct grid *g, int64_t total, bool at_least,
			 const char *next);
/* The rows as an array member of an open object. */
void cli_grid_put_rows(struct json_out *o, const char *key, const struct grid *g);
/* The one row as an object, or "label：value" lines. */
void cli_grid_print_one(struct cli *c, const struct grid *g);
void cli_grid_put_members(struct json_out *o, const struct grid *g, size_t row);
/* The first row as an object member of an open object. */
void cli_grid_put_object(struct json_out *o, const char *key, const struct grid *g);
void cli_grid_table(struct cli *c, const struct grid *g);
/* A cursor as text, "" for 0. */
const char *cursor_text(int64_t next, char out[24]);

/* ---- frames.c: what a verb stands on ----
 *
 * A verb that shows rows is made of four parts:
 *   1. a table of columns and its shape: JSON keys, headings, types, who sees them;
 *   2. add_X(void *grid, const struct X *row): one cli_grid_* call a column, in the table's order;
 *      it serves the list and the single row alike;
 *   3. a list_fn that turns options and the page asked for into the desk's query:
 *
 *	static enum err fill_mails(struct cli_list *l)
 *	{
 *		struct cli *c = l->c;
 *		struct mail_query q = {.state = cli_option(c, "state"),
 *				       .limit = l->limit, .cursor = l->cursor};
 *
 *		return desk_mail_list(c->s, &q, add_mail, &l->grid, &l->next, &l->total, &c->e);
 *	}
 *
 *   4. the verb: return cli_list(c, &shape_mails, TOTAL_CAPPED, fill_mails);
 *
 * Options that are wrong whatever the page are refused before cli_list. */
struct cli_list {
	struct cli *c;
	struct grid grid; /* fill adds the rows */
	int limit;        /* --limit and --cursor */
	int64_t cursor;
	int64_t next, total; /* fill sets them; next 0: the list ends here */
	bool at_least;       /* TOTAL_TOLD: fill may say that total is only counted so far */
	char note[300];      /* a sentence below the rows, "note" of the document; "" none */
};
enum list_total {
	TOTAL_TOLD,   /* fill sets total, and at_least where it has to */
	TOTAL_CAPPED, /* fill sets total, which the desk counts up to DESK_COUNT_CAP */
	TOTAL_ROWS    /* all there is, without pages: --limit and --cursor are not read */
};
typedef enum err (*list_fn)(struct cli_list *l);
/* Reads the page asked for, lets fill add its rows, prints them; prints nothing on an error. */
enum err cli_list(struct cli *c, const struct shape *shape, enum list_total total, list_fn fill);
/* The unit whose rows are wanted, as "税号" or "税号@环境", NULL none: --unit, which before the verb
 * means the same as behind it. */
enum { CLI_UNIT = 128 };
const char *cli_unit_asked(const struct cli *c, char out[CLI_UNIT]);
/* Prints the one row of g as a card or an object, and frees g. */
void cli_one(struct cli *c, struct grid *g);
/* What became of several things: a table, or {"results": []}. */
void cli_results(struct cli *c, const struct grid *g);
/* After args[0] was removed: said and the argument as a line, or {"removed"}. */
void cli_removed(struct cli *c, const char *said);
/* Waits for the jobs of a call that ended with started, unless it failed; frees w:
 *	r = cli_finish(c, desk_quota_sync(c->s, &w, &c->e), &w); */
enum err cli_finish(struct cli *c, enum err started, struct desk_wait *w);

/* ---- help.c ---- */
enum err cli_help(struct cli *c);
void cli_overview(struct cli *c);

/* ---- v_port.c ---- */
/* -o where it names a file, and where it names a folder; NULL otherwise. */
const char *cli_to_file(const struct cli *c);
const char *cli_to_folder(const struct cli *c);
/* Does the name of a file end with the suffix (".csv"), or with none that promises a format? */
bool cli_promises(const char *path, const char *suffix);
bool cli_promises_nothing(const char *path);
/* -o and --csv as one; a name that promises another format than is written is refused. */
struct cli_target {
	const char *path, *folder; /* as cli_to_file, cli_to_folder */
	enum sheet_format format;
};
enum err cli_target(struct cli *c, struct cli_target *out);
/* A file that is written in one piece; one that is there only with --replace. */
enum err cli_may_replace(struct cli *c, const char *path);
enum err cli_write_file(struct cli *c, const char *path, const struct buf *b, mode_t mode);
/* {"file","rows"}; nothing where the file went to standard output. */
void cli_print_written(struct cli *c, const char *path, int64_t rows);
/* Where -o and --csv want a file: without a name, the stem and a suffix. */
struct cli_output {
	char path[HOME_PATH + 256]; /* "-": standard output */
	enum sheet_format format;
};
enum err cli_output(struct cli *c, const char *stem, struct cli_output *out);

/* ---- the verbs ---- */
enum err verb_init(struct cli *c), verb_backup(struct cli *c), verb_restore(struct cli *c),
    verb_key_rotate(struct cli *c), verb_version(struct cli *c), verb_explain(struct cli *c),
    verb_sync(struct cli *c), verb_doctor(struct cli *c), verb_demo(struct cli *c);
enum err verb_unit_list(struct cli *c), verb_unit_add(struct cli *c), verb_unit_edit(struct cli *c),
    verb_unit_rename(struct cli *c), verb_unit_verify(struct cli *c),
    verb_unit_remove(struct cli *c), verb_unit_show(struct cli *c), verb_unit_freeze(struct cli *c),
    verb_unit_unfreeze(struct cli *c), verb_unit_tree(struct cli *c),
    verb_unit_export(struct cli *c);
enum err verb_taxpayer_show(struct cli *c), verb_taxpayer_sync(struct cli *c),
    verb_taxpayer_changes(struct cli *c);
enum err verb_numbers_list(struct cli *c), verb_numbers_claim(struct cli *c),
    verb_numbers_claims(struct cli *c), verb_numbers_auto(struct cli *c),
    verb_numbers_audit(struct cli *c);
enum err verb_quota_show(struct cli *c), verb_quota_download(struct cli *c),
    verb_quota_return(struct cli *c), verb_quota_adjust(struct cli *c),
    verb_quota_sync(struct cli *c), verb_quota_auto(struct cli *c),
    verb_quota_refresh(struct cli *c), verb_quota_list(struct cli *c);
enum err verb_blue_issue(struct cli *c), verb_blue_draft(struct cli *c),
    verb_blue_copy(struct cli *c), verb_blue_check(struct cli *c), verb_blue_lines(struct cli *c),
    verb_blue_template(struct cli *c);
enum err verb_invoices_list(struct cli *c), verb_invoices_show(struct cli *c),
    verb_invoices_retry(struct cli *c), verb_invoices_void(struct cli *c),
    verb_invoices_settle(struct cli *c), verb_invoices_file(struct cli *c),
    verb_invoices_history(struct cli *c), verb_invoices_export(struct cli *c),
    verb_invoices_zip(struct cli *c), verb_health(struct cli *c), verb_report_by(struct cli *c);
enum err verb_invoices_push(struct cli *c), verb_push_list(struct cli *c),
    verb_push_show(struct cli *c), verb_push_send(struct cli *c), verb_push_skip(struct cli *c),
    verb_push_set(struct cli *c), verb_push_remove(struct cli *c), verb_push_test(struct cli *c);
enum err verb_invoices_mail(struct cli *c), verb_mail_list(struct cli *c),
    verb_mail_show(struct cli *c), verb_mail_send(struct cli *c), verb_mail_cancel(struct cli *c),
    verb_mail_set(struct cli *c), verb_mail_test(struct cli *c);
/* Waits for a test call and prints how it went. */
enum err cli_post_test(struct cli *c, struct desk_wait *w);
enum err verb_taxcodes_search(struct cli *c), verb_taxcodes_show(struct cli *c),
    verb_taxcodes_sync(struct cli *c), verb_taxcodes_changes(struct cli *c);
enum err verb_types_list(struct cli *c), verb_types_show(struct cli *c),
    verb_types_add(struct cli *c), verb_types_edit(struct cli *c), verb_types_remove(struct cli *c);
enum err verb_buyers_list(struct cli *c), verb_buyers_show(struct cli *c),
    verb_buyers_add(struct cli *c), verb_buyers_edit(struct cli *c),
    verb_buyers_remove(struct cli *c), verb_buyers_merge(struct cli *c),
    verb_buyers_address(struct cli *c);
enum err verb_goods_list(struct cli *c), verb_goods_show(struct cli *c),
    verb_goods_add(struct cli *c), verb_goods_edit(struct cli *c), verb_goods_remove(struct cli *c),
    verb_goods_recode(struct cli *c), verb_goods_suggest(struct cli *c);
/* Of the table that the verb is called after. */
enum err verb_port_import(struct cli *c), verb_port_export(struct cli *c),
    verb_port_template(struct cli *c);
enum err verb_blue_merge(struct cli *c), verb_blue_split(struct cli *c),
    verb_drafts_list(struct cli *c), verb_drafts_issue(struct cli *c),
    verb_drafts_undo(struct cli *c), verb_drafts_remove(struct cli *c);
enum err verb_templates_list(struct cli *c), verb_templates_show(struct cli *c),
    verb_templates_add(struct cli *c), verb_templates_edit(struct cli *c),
    verb_templates_use(struct cli *c), verb_templates_remove(struct cli *c);
enum err verb_batch_add(struct cli *c), verb_batch_list(struct cli *c),
    verb_batch_show(struct cli *c), verb_batch_start(struct cli *c),
    verb_batch_pause(struct cli *c), verb_batch_cancel(struct cli *c),
    verb_batch_skip(struct cli *c), verb_batch_unskip(struct cli *c),
    verb_batch_merge(struct cli *c), verb_batch_result(struct cli *c),
    verb_batch_template(struct cli *c);
enum err verb_reconcile(struct cli *c), verb_reconcile_list(struct cli *c),
    verb_reconcile_show(struct cli *c), verb_reconcile_adopt(struct cli *c),
    verb_reconcile_dismiss(struct cli *c), verb_reconcile_export(struct cli *c),
    verb_reconcile_collect(struct cli *c);
enum err verb_summary_list(struct cli *c), verb_summary_show(struct cli *c),
    verb_summary_add(struct cli *c), verb_summary_confirm(struct cli *c),
    verb_summary_cancel(struct cli *c), verb_summary_refresh(struct cli *c),
    verb_summary_auto(struct cli *c);
enum err verb_red_list(struct cli *c), verb_red_counts(struct cli *c), verb_red_show(struct cli *c),
    verb_red_apply(struct cli *c), verb_red_again(struct cli *c), verb_red_drop(struct cli *c),
    verb_red_confirm(struct cli *c), verb_red_deny(struct cli *c), verb_red_revoke(struct cli *c),
    verb_red_issue(struct cli *c), verb_red_download(struct cli *c);
enum err verb_jobs_list(struct cli *c), verb_jobs_show(struct cli *c),
    verb_jobs_cancel(struct cli *c), verb_jobs_plan(struct cli *c), verb_jobs_runs(struct cli *c),
    verb_jobs_again(struct cli *c);
enum err verb_log_list(struct cli *c), verb_log_show(struct cli *c), verb_log_tail(struct cli *c),
    verb_log_export(struct cli *c);
enum err verb_param_get(struct cli *c), verb_param_set(struct cli *c),
    verb_param_import(struct cli *c);
enum err verb_drawers_list(struct cli *c), verb_drawers_add(struct cli *c),
    verb_drawers_edit(struct cli *c), verb_drawers_remove(struct cli *c),
    verb_drawers_export(struct cli *c), verb_unit_safety(struct cli *c),
    verb_eligibility(struct cli *c), verb_profile_list(struct cli *c);
enum err verb_url_build(struct cli *c), verb_url_check(struct cli *c);

extern const struct shape shape_plan, shape_runs, shape_taxpayer_changes;
extern const struct shape shape_drawers, shape_safety, shape_eligibility, shape_profiles,
    shape_url_findings, shape_param_import;
extern const struct shape shape_parts, shape_draft_list, shape_templates;
extern const struct shape shape_batches, shape_batch_plan, shape_batch_orders, shape_batch_faults,
    shape_batch_report;
extern const struct shape shape_red, shape_red_lines, shape_red_history, shape_red_counts;
extern const struct shape shape_red_answers;
extern const struct shape shape_summary, shape_summaries, shape_summary_edges, shape_summary_auto;
extern const struct shape shape_recon_runs, shape_recon_differences, shape_recon_budget;
extern const struct shape shape_unit, shape_units, shape_missing, shape_verify, shape_taxpayer,
    shape_rates, shape_segments, shape_claim, shape_claims, shape_number, shape_numbers_auto,
    shape_numbers_audit, shape_quota, shape_quota_auto, shape_quota_list, shape_taxpayer_quota,
    shape_issue, shape_findings, shape_invoices, shape_file, shape_taxcodes, shape_taxcode,
    shape_types, shape_type, shape_jobs, shape_job, shape_log, shape_log_entry, shape_params,
    shape_sync, shape_doctor, shape_advice, shape_version, shape_init, shape_backup, shape_key,
    shape_demo, shape_buyers, shape_buyer, shape_addresses, shape_goods_list, shape_goods,
    shape_health, shape_history, shape_zip, shape_deeds, shape_code_hints, shape_report,
    shape_notes, shape_lines, shape_line_notes, shape_written, shape_codes_sync,
    shape_codes_changes, shape_pushes, shape_push_queue, shape_push_target, shape_post_test,
    shape_mails, shape_mail_server, shape_report_rows, shape_drafts;

struct merge_told;
/* What else a person should know of a 合并. */
void cli_say_merged(struct cli *c, const struct merge_told *told);

#endif
