/* ui/screen/sellers.h - 销方: the units a person may work for, as choices of a field (features M11).
 *
 * A field is a choice where there are several, else a text to read.  What is chosen begins to count
 * with sellers_use: the session works for that unit from then on, as after U.
 */
#ifndef KP_UI_SCREEN_SELLERS_H
#define KP_UI_SCREEN_SELLERS_H

#include "ui/list.h"

/* Reads the units and which one the session works for.  ERR_INVALID "unit.none". */
enum err sellers_read(struct err_info *e);
/* "名称 税号 环境" of the present one, "" none. */
const char *sellers_current(void);

/* The field of that id in a table of the view's own becomes a choice, or a text. */
void sellers_field(struct field *fields, int id);
/* Shows the present one; `changed`: after units may have changed. */
void sellers_show(struct form *f, struct field *fields, int id, bool changed);
/* Name of the one that is chosen there and is not the present one, else "". */
const char *sellers_other(const struct form *f, int id);
/* The session works for what is chosen there.  False: the message line says why not. */
bool sellers_use(const struct form *f, int id);
/* After an action of a list whose filter was being filled in: filled in, what is chosen counts;
 * reset, cleared or given up, the present one is shown again. */
void sellers_after(const struct list *l, struct form *f, int id, enum action a);

/* Until sellers_leave the session works for what is chosen there, which is nobody's default. */
struct sellers_visit {
	char choice[64];
	bool passing, away;
};
void sellers_visit(const struct form *f, int id, struct sellers_visit *v);
void sellers_leave(const struct sellers_visit *v);

#endif
