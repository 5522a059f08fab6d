/* red_p.h - between the files about red letters. */
#ifndef KP_DESK_RED_P_H
#define KP_DESK_RED_P_H

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/issue_p.h"
#include "desk/red.h"

/* Adds a job of a letter; inside the open transaction. */
enum err red_add_job(struct session *s, const char *kind, int64_t unit, int64_t letter,
		     const char *payload, struct desk_wait *w, struct err_info *e);
/* Brings in what the tax side has of a side: days "" for what is new; lines: of every letter.  A
 * job that does the same is joined as long as it has not begun.  Inside the open transaction. */
struct red_span {
	enum red_side side;
	const char *from, *to;
	bool lines;
	int64_t letter; /* only this one's lines; 0: all of the days */
};
enum err red_add_sync(struct session *s, int64_t unit, const struct red_span *span,
		      struct desk_wait *w, struct err_info *e);
/* The lines of a letter that has none here, by the day it was entered; nothing when it has them. */
enum err red_add_lines(struct session *s, const struct red_record *r, struct desk_wait *w,
		       struct err_info *e);
/* Rests of the blue invoice as the letters here leave them; refuses one that is spent or has a
 * letter under way. */
enum err red_source_rest(struct session *s, int64_t unit, struct red_source *src,
			 struct err_info *e);
/* "red.open" while another letter of that side for the blue invoice is under way; code "": a
 * digital one. */
enum err red_refuse_under_way(struct session *s, int64_t unit, enum red_side side,
			      const char *blue_code, const char *blue_number, struct err_info *e);
/* A letter of another unit is as good as none: it is freed and refused. */
enum err red_of_unit(const struct unit *u, struct red_record *r, struct err_info *e);
/* May the unit apply, answer and issue (features N13)?  Refuses with the rule. */
enum err red_unit_may(struct session *s, const struct unit *u, struct err_info *e);
/* Puts the refresh of risk data older than a day into w; a transaction of its own. */
enum err red_add_risk(struct session *s, const struct unit *u, struct desk_wait *w,
		      struct err_info *e);

#endif
