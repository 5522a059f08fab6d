/* store/red_walk_p.h - a walk over the list of red letters: by which index, in which streams. */
#ifndef KP_STORE_RED_WALK_P_H
#define KP_STORE_RED_WALK_P_H

#include "store/invoices_p.h"
#include "store/red_p.h"

/* More streams than this serve nobody. */
enum { RED_STREAMS = 4096 };

enum drive { BY_PLACE, BY_STATE, BY_PARTY, BY_DAY, BY_BLUE, BY_NUMBER, BY_UUID };

/* Which letters of a state: all of them, or those of which an index of their own tells. */
enum part { PART_ALL, PART_GONE, PART_BUSY };

/* A range of an index, in order of place. */
struct stream {
	enum red_side side, entered_by;
	int64_t party;
	int state, issued;
	enum part part;
	char day[DATE_TEXT];
};

struct found {
	int64_t id, place;
};

struct walk {
	struct db *db;
	const struct red_filter *f;
	struct err_info *e;
	char *folded;             /* part of the name; NULL: any */
	struct buyer_names names; /* that have it, if they are few */
	int64_t low, high;        /* places */
	/* the index that is tried */
	enum drive drive;
	struct stream *streams;
	size_t stream_count, stream_room;
	bool asks, asks_name; /* something is asked of each row */
	int64_t work;         /* of each stream */
	/* a list */
	struct found *list;
	size_t count, room; /* room 0: only counting */
	/* a count */
	int64_t total, cap;
	int64_t cut; /* place a stream did not come past */
	bool cut_any;
};

/* ---- red_streams.c ---- */
/* The streams of w->f by w->drive, in place of those before; one more than RED_STREAMS days and it
 * stops. */
enum err red_add_streams(struct walk *w);

#endif
