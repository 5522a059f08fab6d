/* ui/screen/of_unit.h - the column 单位 of lists whose rows belong to any unit.
 *
 * With one using unit the column says nothing and is left out.  And the condition on it.
 */
#ifndef KP_UI_SCREEN_OF_UNIT_H
#define KP_UI_SCREEN_OF_UNIT_H

#include "ui/form.h"
#include "ui/list.h"

/* Are there several using units? */
bool of_unit_several(void);
/* From so many columns of the area on a column is shown; never. */
enum { OF_UNIT_FROM = 140, OF_UNIT_NEVER = 10000 };
/* The cell of a row: the name, in a wide area with its environment; "" of no unit, or one that is
 * gone. */
void of_unit_put(int64_t unit, bool wide, char cell[LIST_CELL]);

/* The condition 单位: candidates are "税号@环境" of direct and using units, by a part of the number
 * or the name. */
#define OF_UNIT_HELP "直连单位或使用单位的税号，可加 @环境；输入税号或名称的一部分选择。"
int of_unit_complete(const struct form *f, const struct field *fd, const char *text,
		     struct candidate *out, int max);

#endif
