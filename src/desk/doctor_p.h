/* doctor_p.h - between the hops and the facts of desk/doctor.h. */
#ifndef KP_DESK_DOCTOR_P_H
#define KP_DESK_DOCTOR_P_H

#include "base/json.h"
#include "desk/doctor.h"

enum { DOCTOR_TEXT = 1024 };

struct doctor_target {
	struct unit unit, direct; /* direct is a copy of unit where that is one */
	int64_t job;              /* 0: nobody asks */
};

struct doctor {
	struct doctor_target *targets;
	size_t n;
	bool offline, denied, waits;
};

/* A report under way. */
struct doctor_visit {
	struct session *s;
	const struct doctor *d;
	doctor_each f;
	void *arg;
	enum err stop; /* f's */
};

/* Tells one row; texts may be "". */
void doctor_tell(struct doctor_visit *v, const struct unit *u, const char *item, const char *label,
		 enum doctor_level level, const char *detail, const char *mend);
/* The same of a fault with its class. */
void doctor_fault(struct doctor_visit *v, const struct unit *u, const char *item, const char *label,
		  enum err class, const char *detail, const char *mend);
/* doctor_facts.c: what is stored of a using unit; found NULL: the tax side was not asked. */
enum err doctor_facts(struct doctor_visit *v, const struct doctor_target *t, const cJSON *found,
		      struct err_info *e);

#endif
