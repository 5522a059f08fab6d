/* batch_join_p.h - between the files that join the sheets of orders. */
#ifndef KP_DESK_BATCH_JOIN_P_H
#define KP_DESK_BATCH_JOIN_P_H

#include "desk/batch_p.h"

enum { JOIN_NONE = 0 };

/* Records that stand one behind the other. */
struct run {
	int64_t place;
	uint32_t bytes, count, next; /* next: index + 1 */
};
struct entry {
	uint64_t hash;
	int64_t head, faults; /* places; -1 none */
	uint32_t head_size, fault_size;
	uint32_t name;           /* in names */
	uint32_t row;            /* of its head, else of what first named it */
	uint32_t first, last;    /* runs: index + 1 */
	uint32_t lines, special; /* special: row of its 特定业务信息, 0 none */
	uint32_t other;          /* another with its number: index + 1; or row that differs */
	uint8_t part, differs;   /* differs: column + 1 of a flat row that says another thing */
	bool known, stored, late, bad; /* known: found under its name */
};
struct join {
	struct stage *g;
	struct batch_source *source;
	struct spool heads, lines, faults;
	struct entry *entries;
	size_t count, room;
	uint32_t *slots; /* index + 1 */
	size_t slot_count;
	char *names;
	size_t names_used, names_room;
	struct run *runs;
	size_t run_count, run_room;
	size_t now;      /* index + 1 of the order whose lines go by */
	size_t nameless; /* index + 1 of the one that has the lines without a number */
	/* Room for the records of one order. */
	char *bytes;
	size_t bytes_room;
	const char **records;
	size_t records_room;
};

/* ---- batch_index.c: what is known of each order ---- */
uint64_t join_hash(const char *name);
/* Index + 1 of the order of that number, or JOIN_NONE. */
size_t join_find(const struct join *j, const char *name, uint64_t hash);
/* *index of a new one; `known`: it is to be found under its name. */
enum err join_add_entry(struct join *j, const char *name, const struct batch_record *r, bool known,
			size_t *index, struct err_info *e);
void join_add_run(struct join *j, struct entry *x, int64_t place, uint32_t size);
/* Its head into j->bytes; *used: how many. */
enum err join_load_head(struct join *j, const struct entry *x, size_t *used, struct err_info *e);
/* All its records, until the next call; one with far too many lines comes without them. */
enum err join_load(struct join *j, const struct entry *x, struct order_records *out,
		   struct err_info *e);
void join_free(struct join *j);

/* ---- batch_make.c ---- */
/* The order of that index from its records, checked and stored; its faults noted and kept. */
enum err join_make_order(struct join *j, size_t index, struct err_info *e);

/* ---- batch_bad.c ---- */
/* The workbook of the bad ones; the one of an earlier run goes when there are none. */
enum err join_write_failures(struct join *j, struct err_info *e);

#endif
