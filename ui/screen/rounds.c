/* rounds.c - issuing in rounds: asking for what is missing, then issuing. */
#include "ui/screen/rounds.h"

#include <string.h>

#include "ui/view.h"

/* Data, then what follows from it (figures of the quota before its download). */
enum { ROUNDS_MAX = 3, LATE_MS = 200 };

static void enter(struct rounds *r, enum round_phase phase)
{
	r->phase = phase;
	r->ops->show(r->state, true);
}

static bool is_busy(const struct err_info *e)
{
	return !strcmp(e->code, "db.busy");
}

/* An import writes for seconds: that is no reason to refuse, nor to let the screen stand still. */
static void refuse(struct rounds *r, const struct err_info *e)
{
	if (!is_busy(e)) {
		r->refusal = *e;
		enter(r, ROUNDS_REFUSED);
		return;
	}
	r->late = true;
	if (r->phase == ROUNDS_CHECKING)
		r->ops->show(r->state, false);
	else
		enter(r, ROUNDS_CHECKING);
}

static void issue(struct rounds *r, const struct err_info *trouble)
{
	struct err_info e = {0};
	bool before = desk_hurry(ui_session(), true);
	enum err rc = r->ops->issue(r->state, trouble, &e);

	desk_hurry(ui_session(), before);
	if (rc && !strcmp(e.code, "numbers.short") && !trouble->class && r->round < ROUNDS_MAX) {
		/* There were enough when it was looked: another was quicker. */
		r->round++;
		rounds_begin(r);
	} else if (rc) {
		refuse(r, &e);
	} else {
		ui_wake_engine();
		enter(r, ROUNDS_ISSUED);
	}
}

void rounds_begin(struct rounds *r)
{
	const struct err_info fine = {0};
	struct err_info e = {0};
	bool before = desk_hurry(ui_session(), true);
	enum err rc;

	desk_wait_free(&r->wait);
	rc = r->ops->prepare(r->state, &r->wait, &e);
	desk_hurry(ui_session(), before);
	if (rc) {
		refuse(r, &e);
	} else if (!r->wait.job_count) {
		issue(r, &fine);
	} else {
		r->round++;
		enter(r, ROUNDS_CHECKING);
		ui_wake_engine();
	}
}

void rounds_look(struct rounds *r)
{
	struct err_info e = {0}, trouble = {0};
	bool done = false;

	if (r->phase != ROUNDS_CHECKING || r->late)
		return;
	r->unseen = false;
	if (desk_wait_settled(&r->wait, ui_session()->db, &done, &e)) {
		r->unseen = is_busy(&e);
		if (!r->unseen)
			refuse(r, &e);
		return;
	}
	if (!done)
		return;
	desk_wait_verdict(ui_session(), &r->wait, &trouble);
	if (trouble.class || r->round >= ROUNDS_MAX)
		issue(r, &trouble);
	else
		rounds_begin(r);
}

int rounds_idle(struct rounds *r)
{
	if (r->late) {
		r->late = false;
		rounds_begin(r);
	} else if (r->unseen) {
		rounds_look(r);
	}
	return r->late || r->unseen ? LATE_MS : -1;
}

void rounds_free(struct rounds *r)
{
	desk_wait_free(&r->wait);
}
