/* sellers.c - 销方 as choices of a field. */
#include "ui/screen/sellers.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/list_p.h"
#include "ui/screen/parts.h"

enum { UNITS = 200, UNIT_TEXT = 500, CHOICE = 64 };

static struct {
	char names[UNITS][UNIT_TEXT], alone[UNITS][UNIT_TEXT], choice[UNITS][CHOICE];
	const char *shown[UNITS + 1];
	int count, current;
} units;

static enum err add_unit(void *arg, const struct unit_view *v)
{
	const struct unit *u = v->unit;
	int i = units.count;

	if (i == UNITS)
		return ERR_OK;
	snprintf(units.names[i], UNIT_TEXT, "%.300s %.24s %.16s", u->name, u->tax_no,
		 unit_env_label(u->env));
	units.names[i][text_whole(units.names[i], strlen(units.names[i]))] = 0;
	text_copy(units.alone[i], UNIT_TEXT, u->name);
	snprintf(units.choice[i], CHOICE, "%s@%s", u->tax_no, unit_env_label(u->env));
	if (u->id == *(const int64_t *)arg)
		units.current = i;
	units.shown[units.count++] = units.names[i];
	return ERR_OK;
}

enum err sellers_read(struct err_info *e)
{
	int64_t now = 0;
	struct unit u;
	enum err r;

	if (!desk_unit(ui_session(), &u, NULL)) {
		now = u.id;
		unit_free(&u);
	}
	units.count = 0;
	units.current = -1;
	r = desk_unit_choices(ui_session(), add_unit, &now, e);
	units.shown[units.count] = NULL;
	if (!r && !units.count) {
		r = err_fail(e, ERR_INVALID, "unit.none", "销方", "还没有使用单位");
		err_hint(e, "请先完成开票业务配置");
	}
	return r;
}

const char *sellers_current(void)
{
	return units.current >= 0 ? units.names[units.current] : "";
}

void sellers_field(struct field *fields, int id)
{
	while (fields->id != id)
		fields++;
	fields->kind = units.count > 1 ? FIELD_CHOICE : FIELD_SHOW;
	fields->choices = units.shown;
}

void sellers_show(struct form *f, struct field *fields, int id, bool changed)
{
	if (changed && !sellers_read(NULL))
		sellers_field(fields, id);
	form_set(f, id, sellers_current());
}

/* The one that is chosen and not the present one; -1 none. */
static int other(const struct form *f, int id)
{
	int i = units.count > 1 ? form_choice(f, id) : -1;

	return i == units.current ? -1 : i;
}

const char *sellers_other(const struct form *f, int id)
{
	int i = other(f, id);

	return i >= 0 ? units.alone[i] : "";
}

bool sellers_use(const struct form *f, int id)
{
	int i = other(f, id);

	if (i < 0)
		return true;
	if (!screen_use_unit(units.choice[i]))
		return false;
	units.current = i;
	return true;
}

void sellers_after(const struct list *l, struct form *f, int id, enum action a)
{
	if (!l->filtering && a != ACT_BACK && a != ACT_RESET)
		sellers_use(f, id);
	if (!l->filtering || a == ACT_RESET || !*form_get(f, id))
		form_set(f, id, sellers_current());
}

void sellers_visit(const struct form *f, int id, struct sellers_visit *v)
{
	struct session *s = ui_session();
	int i = other(f, id);

	*v = (struct sellers_visit) {.passing = s->passing, .away = i >= 0};
	memcpy(v->choice, s->unit_choice, sizeof(v->choice));
	if (!v->away)
		return;
	text_copy(s->unit_choice, sizeof(s->unit_choice), units.choice[i]);
	s->passing = true;
}

void sellers_leave(const struct sellers_visit *v)
{
	struct session *s = ui_session();

	memcpy(s->unit_choice, v->choice, sizeof(v->choice));
	s->passing = v->passing;
}
