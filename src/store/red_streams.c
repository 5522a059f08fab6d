/* red_streams.c - a filter of red letters as ranges of an index. */
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "store/red_walk_p.h"

static bool state_wanted(const struct red_filter *f, const struct stream *s)
{
	bool fits = !f->situation;
	struct red_standing l = {.side = s->side,
				 .entered_by = s->entered_by,
				 .state = (enum red_state)s->state,
				 .issued = s->issued,
				 .valid = s->part != PART_GONE,
				 .busy = s->part == PART_BUSY};

	for (int p = 0; !fits && p < RED_PROGRESSES; p++) {
		l.progress = (enum red_progress)p;
		fits = red_situation_of(&l) == *f->situation &&
		       (p == RED_KNOWN || l.state == RED_UNKNOWN);
	}
	return fits && (!f->states || f->states & 1u << s->state) &&
	       (!f->issued || *f->issued == s->issued);
}

static void add_stream(struct walk *w, struct stream s)
{
	if (w->stream_count == w->stream_room) {
		w->stream_room = w->stream_room ? w->stream_room * 2 : 64;
		w->streams = mem_realloc(w->streams, w->stream_room * sizeof(*w->streams));
	}
	w->streams[w->stream_count++] = s;
}

/* One state; where only some of its letters are asked for, the stream of these. */
static void add_state(struct walk *w, struct stream s)
{
	bool parted =
	    !s.issued && (s.state == RED_UNKNOWN || red_state_open((enum red_state)s.state));

	for (s.part = PART_ALL; s.part <= (parted ? PART_BUSY : PART_ALL); s.part++)
		if (state_wanted(w->f, &s)) {
			add_stream(w, s);
			return;
		}
}

static void add_states(struct walk *w, enum red_side side, enum red_side entered_by)
{
	for (int state = RED_UNKNOWN; state < RED_STATES; state++)
		for (int issued = 0; issued < 2; issued++)
			add_state(w, (struct stream) {.side = side,
						      .entered_by = entered_by,
						      .state = state,
						      .issued = issued});
}

/* The first or last day that some letter has; false: there is none. */
static enum err edge_day(struct walk *w, const struct stream *s, bool last, int64_t *out,
			 bool *found)
{
	struct rows *q;
	struct date d;
	enum err r =
	    db_query(w->db, &q, w->e,
		     last ? "SELECT blue_day FROM red_letter WHERE unit_id = ? AND side = ?"
			    " AND entered_by = ? AND blue_day > '' ORDER BY blue_day DESC LIMIT 1"
			  : "SELECT blue_day FROM red_letter WHERE unit_id = ? AND side = ?"
			    " AND entered_by = ? AND blue_day > '' ORDER BY blue_day LIMIT 1",
		     "lii", w->f->unit, (int)s->side, (int)s->entered_by);

	*found = !r && rows_next(q) && date_parse(rows_text(q, 0), &d);
	if (*found)
		*out = date_days(d);
	return rows_end(&q, r, w->e);
}

/* Every day of the range between those. */
static enum err add_days(struct walk *w, struct stream s)
{
	struct date d;
	int64_t from = 0, to = -1;
	bool any = false;
	enum err r = edge_day(w, &s, false, &from, &any);

	if (!r && any)
		r = edge_day(w, &s, true, &to, &any);
	if (r || !any)
		return r;
	if (date_parse(w->f->blue_from, &d) && date_days(d) > from)
		from = date_days(d);
	if (date_parse(w->f->blue_to, &d) && date_days(d) < to)
		to = date_days(d);
	for (; from <= to && w->stream_count <= RED_STREAMS; to--) {
		date_text(date_unix((struct datetime) {.date = date_from_days(to)}), s.day);
		add_stream(w, s);
	}
	return ERR_OK;
}

static enum err add_side(struct walk *w, enum red_side side)
{
	enum err r = ERR_OK;

	for (int entered = RED_SELLER; !r && entered <= RED_BUYER; entered++) {
		struct stream s = {.side = side, .entered_by = (enum red_side)entered};
		if (w->f->sent && *w->f->sent != (s.entered_by == side))
			continue;
		if (w->drive == BY_STATE)
			add_states(w, side, s.entered_by);
		else if (w->drive == BY_DAY)
			r = add_days(w, s);
		else if (w->drive == BY_PARTY)
			for (size_t i = 0; i < w->names.count; i++) {
				s.party = w->names.ids[i];
				add_stream(w, s);
			}
		else
			add_stream(w, s);
	}
	return r;
}

enum err red_add_streams(struct walk *w)
{
	enum err r = ERR_OK;

	w->stream_count = 0;
	if (w->drive == BY_BLUE || w->drive == BY_NUMBER) {
		add_stream(w, (struct stream) {.side = RED_SELLER});
		return ERR_OK;
	}
	for (int side = RED_SELLER; !r && side <= RED_BUYER; side++) {
		if (w->f->side && (int)*w->f->side != side)
			continue;
		if (w->drive == BY_UUID)
			add_stream(w, (struct stream) {.side = (enum red_side)side});
		else
			r = add_side(w, (enum red_side)side);
	}
	return r;
}
