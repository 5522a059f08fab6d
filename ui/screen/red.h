/* ui/screen/red.h - 红字发票: letters (红字确认单) in lists, one letter, red invoices.
 *
 *   red_home.c   counts, the six functions       red_list.c     我发出的, 我收到的, 处理, 开具
 *   red_filter.c conditions of the lists         red_letter.c   one letter
 *   red_do.c     what can be done with one       red_fresh.c    asking the tax side
 *   red_issue.c  the sheet: confirm, result      red_download.c 下载
 */
#ifndef KP_UI_SCREEN_RED_H
#define KP_UI_SCREEN_RED_H

#include "ui/screen/parts.h"
#include "ui/screens.h"

/* Which letters a list holds. */
enum red_list {
	RED_LIST_SENT,      /* entered by us: a tab, with the next one */
	RED_LIST_RECEIVED,  /* entered by others */
	RED_LIST_HANDLE,    /* that wait for somebody */
	RED_LIST_ISSUE,     /* a red invoice may be issued */
	RED_LIST_SITUATION, /* of one situation */
	RED_LISTS
};
struct red_list_arg {
	enum red_list which;
	enum red_situation situation; /* of RED_LIST_SITUATION */
};
extern const struct view_ops view_red_list_ops; /* const struct red_list_arg * */
/* One letter; arg: const int64_t * its id. */
extern const struct view_ops view_red_letter_ops;

/* The functions of 红字发票 that are reached from everywhere, over its home. */
bool red_has(enum action a);
bool red_go(enum action a);

/* Less than that is left till it is void: at once. */
enum { RED_URGENT = 12 * 3600 };

#endif
