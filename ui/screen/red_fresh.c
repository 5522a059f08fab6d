/* red_fresh.c - red letters are brought in from the tax side: asked for, followed, told. */
#include <stdio.h>

#include "base/base.h"
#include "ui/screen/red_p.h"

void red_fresh_begin(struct red_fresh *f)
{
	struct err_info e = {0};
	enum err r;

	if (f->errand.open) {
		ui_message(MESSAGE_INFO, "正在刷新");
		return;
	}
	f->seen = 0;
	r = desk_red_refresh(ui_session(), NULL, errand_wait(&f->errand), &e);
	errand_begin(&f->errand, "向税局刷新红字确认单", r, &e);
}

static void look_how_far(struct red_fresh *f)
{
	int64_t seen, total;
	size_t i;

	f->seen = 0;
	for (i = 0; i < f->errand.wait.job_count; i++) {
		if (!desk_red_refresh_at(ui_session(), f->errand.wait.jobs[i], &seen, &total, NULL))
			f->seen += seen;
	}
}

/* It ended well, and brought all there is? */
static void tell(const struct red_fresh *f, enum err verdict, struct err_info *e)
{
	char word[RED_WORD] = "";
	enum err r = verdict ? ERR_OK : desk_red_complete(ui_session(), &f->errand.wait, word, e);

	if (r)
		ui_error(e);
	else if (*word)
		ui_message(MESSAGE_WARNING, "%s：已完成；提醒：%s", f->errand.what, word);
	else
		errand_tell(&f->errand, verdict, e);
}

void red_fresh_look(struct red_fresh *f, bool changed)
{
	struct red_overview o;
	struct err_info e = {0};
	enum err verdict;

	if (!changed)
		return;
	if (f->errand.open)
		look_how_far(f);
	if (errand_rests(&f->errand, &verdict, &e))
		tell(f, verdict, &e);
	if (desk_red_overview(ui_session(), &o, NULL))
		return;
	f->denied = o.denied_at != 0;
	f->asked_at = o.asked_at[RED_SELLER] < o.asked_at[RED_BUYER] ? o.asked_at[RED_SELLER]
								     : o.asked_at[RED_BUYER];
}

const char *red_fresh_words(const struct red_fresh *f, char out[200])
{
	char when[32], words[160];

	if (f->errand.open && f->seen)
		snprintf(out, 200, "正在向税局刷新：已看 %lld 张", (long long)f->seen);
	else if (f->errand.open)
		snprintf(out, 200, "%s", errand_words(&f->errand, words));
	else if (f->denied)
		text_copy(out, 200, "税局没有开通查询，r 再试");
	else if (f->asked_at)
		snprintf(out, 200, "%s 刷新，r 再刷新", screen_when(f->asked_at, false, when));
	else
		text_copy(out, 200, "还没有向税局取全，r 刷新");
	return out;
}
