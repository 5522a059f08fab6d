/* desk/engine.h - the engine's records as a person sees them: jobs, parameters. */
#ifndef KP_DESK_ENGINE_H
#define KP_DESK_ENGINE_H

#include "desk/session.h"

/* ---- jobs ---- */
const char *desk_job_kind(size_t i);          /* the i-th kind, NULL past the end */
const char *desk_job_label(const char *kind); /* "数电领购" ... */
struct job_query {
	const char *state, *kind; /* words, or NULL */
	const char *unit;         /* "税号" or "税号@环境"; NULL or "": any */
	int64_t cursor;
	int limit;
};
/* *total counts all that match, up to DESK_COUNT_CAP. */
enum err desk_job_list(struct session *s, const struct job_query *q, job_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e);
enum err desk_job_get(struct session *s, const char *id, struct job *out, struct err_info *e);
/* A ready job that carries no invoice; an invoice is given up by desk_void. */
enum err desk_job_cancel(struct session *s, const char *id, struct err_info *e);

/* ---- parameters ---- */
enum err desk_param_get(struct session *s, const char *type, const char *key, char *out,
			size_t size, struct err_info *e);
enum err desk_param_set(struct session *s, const char *type, const char *key, const char *value,
			struct err_info *e);
enum err desk_param_list(struct session *s, const char *type, setting_each f, void *arg,
			 struct err_info *e);

/* ---- health ---- */
/* Integrity of the database and of the ledgers of every unit. */
enum err desk_health(struct session *s, struct err_info *e);
/* Can a layout file be made here?  Renders a trial invoice; the hint names the package that is
 * missing. */
enum err desk_fonts(struct err_info *e);

#endif
