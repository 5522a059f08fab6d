/* desk/unit.h - 直连单位 and 使用单位: add, edit, verify, remove, show (features C1-C29).
 *
 * API keys are sealed under the home's key file the moment they are read and never leave this file
 * in the clear; lists show the mask "****abcd".
 */
#ifndef KP_DESK_UNIT_H
#define KP_DESK_UNIT_H

#include "desk/session.h"
#include "desk/transfer.h"
#include "desk/wait.h"

/* What a person enters; NULL members are "not given" (edit leaves them, add takes the default). */
struct unit_form {
	const char *role; /* direct or using */
	const char
	    *env; /* 正式 沙箱 演练 or the words; default: by the URL, or the direct unit's */
	const char *env_to; /* edit: the environment it goes to */
	const char *name, *tax_no, *leqi_id;
	const char *key_file, *url, *ca_file, *connect_to;
	const char *key;    /* the 32 characters themselves, typed; instead of key_file */
	const char *direct; /* tax number of the 直连单位 */
	const char *relation, *region;
	const char *address, *phone, *bank, *account;
	const char *edition;
	const char *project, *filing_region; /* 渠道/项目名称, 备案地区 */
	const char *proxy, *tls_name; /* of a direct unit: CONNECT, name of the certificate */
	const char *issue_channel, *collect_channel; /* words or labels; "" none */
	const char *abilities;                       /* codes or labels, ',' between */
	const char *handler;                         /* 经办身份 */
	const char *granted;                         /* yyyy-MM-dd, "" not told */
};

enum { UNIT_WARNING = 400 };

/* What an addition lacks, a finding for each member (features C21); returns how many were put into
 * out.  Pure. */
enum { UNIT_REQUIRED = 8 };
size_t desk_unit_missing(const struct unit_form *f, struct err_info out[UNIT_REQUIRED]);
/* warning[UNIT_WARNING] gets a remark ("" none): form of the 乐企ID, check digit of the tax number.
 * */
enum err desk_unit_add(struct session *s, const struct unit_form *f, char *warning,
		       struct err_info *e);
/* Edits the unit of the tax number f->tax_no (role and env choose among several); name changes are
 * refused once invoices exist, and a verified using unit keeps everything but address, phone, bank
 * and account (features B26, C15, C23).  The environment changes only as long as
 * store_unit_movable says so; such a unit keeps its key with a new environment or tax number.  A
 * change of id, key or URL makes the unit unverified.
 * rename_to: a new tax number, or NULL. */
enum err desk_unit_edit(struct session *s, const struct unit_form *f, const char *rename_to,
			char *warning, struct err_info *e);
/* How many using units could not issue until it is verified again, were that edit made of a
 * verified direct unit; 0: the edit leaves it as it is, or nobody is below.  An edit that would be
 * refused is refused here, and nothing is stored. */
enum err desk_unit_edit_stops(struct session *s, const struct unit_form *f, const char *rename_to,
			      size_t *below, struct err_info *e);

/* Which unit: a tax number or "税号@环境", and role and environment where it is not unique (NULL:
 * any).  A tax number of several environments without one is refused, "unit.several": numbers and
 * quota of the environments must never mix. */
struct unit_ref {
	const char *tax_no, *role, *env;
};
/* Takes over the name that the tax side told last, also where there are invoices or it is verified
 * (features B26, C26: a company that was renamed); nothing else changes.  Audited.  ERR_INVALID
 * "unit.name_untold": it told none; "unit.name_same". */
enum err desk_unit_rename(struct session *s, const struct unit_ref *ref, struct err_info *e);
/* Puts a job for every unit of that tax number, the direct one first. */
enum err desk_unit_verify(struct session *s, const struct unit_ref *ref, struct desk_wait *w,
			  struct err_info *e);
/* Of several numbers, or of the units of those ids; each unit once, direct ones first.  One that is
 * unknown, or whose direct unit is neither verified nor among them, refuses all (features C25). */
enum err desk_unit_verify_all(struct session *s, const struct unit_ref *refs, size_t n,
			      struct desk_wait *w, struct err_info *e);
/* As desk_unit_verify_all, but one that is refused is left out and told in each[i], of refs[i];
 * class 0 there: it is asked about.  ERR_OK also when nothing is left. */
enum err desk_unit_verify_each(struct session *s, const struct unit_ref *refs, size_t n,
			       struct err_info *each, struct desk_wait *w, struct err_info *e);
enum err desk_unit_verify_ids(struct session *s, const int64_t *ids, size_t n, struct desk_wait *w,
			      struct err_info *e);
/* A frozen using unit issues nothing until it is thawed; what has a number already goes on
 * (features N69).  why: for a person, may be NULL.  Audited. */
enum err desk_unit_freeze(struct session *s, const struct unit_ref *ref, bool on, const char *why,
			  struct err_info *e);
/* What would go with a unit: "3 个购方、2 个商品", "" nothing; *rows how many that are. */
enum { UNIT_CATALOGUE_WORDS = 160 };
enum err desk_unit_catalogue(struct session *s, const struct unit_ref *ref,
			     char words[UNIT_CATALOGUE_WORDS], int64_t *rows, struct err_info *e);
/* Removes a unit.  A direct unit takes a using unit of its own tax number along; it is refused
 * while others hang on it (features C16, C17), and, without `catalogue`, while there are buyers,
 * goods or business types to lose: ERR_INVALID "unit.catalogue".  A million of them take a while:
 * p (NULL: nobody looks) tells how far it is and cancels it, ERR_INVALID "unit.cancelled". */
enum err desk_unit_remove(struct session *s, const struct unit_ref *ref, bool catalogue,
			  struct import_progress *p, struct err_info *e);

/* The same with its invoices, numbers and quota, after a backup of the home whose path is put into
 * backup[HOME_PATH] ("" as long as there is none).  Refused all the same while other units hang on
 * it, invoices have no end yet, or red letters or jobs are under way (features C16).  It is frozen
 * meanwhile; ERR_BUSY "unit.changed": something came that the backup has not, nothing was
 * removed. */
enum err desk_unit_remove_all(struct session *s, const struct unit_ref *ref, char *backup,
			      struct import_progress *p, struct err_info *e);

/* What would go with desk_unit_remove_all, with the catalogue: "3 张发票、88 份号码、额度 1.00 元".
 * Refused as that is. */
enum { UNIT_RECORD_WORDS = UNIT_CATALOGUE_WORDS + 160 };
enum err desk_unit_records(struct session *s, const struct unit_ref *ref,
			   char words[UNIT_RECORD_WORDS], struct err_info *e);

/* A unit as shown: nothing secret.  `direct` is the tax number of the unit above, "" for a direct
 * one. Texts live during the call. */
struct unit_view {
	const struct unit *unit;
	const char *direct;
	const char *issue_channel, *collect_channel, *abilities, *handler; /* as people read them */
	const char *granted;                                               /* yyyy-MM-dd or "" */
	const char *told; /* what the tax side has said of abilities; only of desk_unit_show */
	bool movable;     /* to another environment; only of desk_unit_show */
};
typedef enum err (*unit_view_each)(void *arg, const struct unit_view *v);
enum err desk_unit_list(struct session *s, const char *role, unit_view_each f, void *arg,
			struct err_info *e);
/* With conditions (features C3); role and state are checked. */
enum err desk_unit_query(struct session *s, const struct unit_query *q, unit_view_each f, void *arg,
			 struct err_info *e);
/* The using units to choose from, for everybody who may look. */
enum err desk_unit_choices(struct session *s, unit_view_each f, void *arg, struct err_info *e);
/* Every unit of the tax number (a company may be both direct and using). */
enum err desk_unit_show(struct session *s, const struct unit_ref *ref, unit_view_each f, void *arg,
			struct err_info *e);
/* Its name and, returned, the label of its environment; both "" when there is no such unit. */
const char *desk_unit_name(struct session *s, int64_t id, char *name, size_t size);
/* Those of the ids that are there still, in that order. */
enum err desk_unit_show_ids(struct session *s, const int64_t *ids, size_t n, unit_view_each f,
			    void *arg, struct err_info *e);

/* ---- files (unit_port.c; importing: desk_import, table "units") ---- */

struct unit_export {
	const struct unit_query *query;
	const char *fields; /* titles of the table units, ',' between; NULL: all */
	const char *path;
	enum sheet_format format;
	bool replace;
};
enum err desk_unit_export(struct session *s, const struct unit_export *x, int64_t *rows,
			  struct err_info *e);

#endif
