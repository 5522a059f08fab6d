/* ui/screen/draft_do.h - 合并 and 拆分, asked for in the list of drafts, in the blue form
 * and (合并) over the orders of a batch. */
#ifndef KP_UI_SCREEN_DRAFT_DO_H
#define KP_UI_SCREEN_DRAFT_DO_H

#include "ui/view.h"

/* Asks how to split, shows what comes of it, does it when affirmed; then the asker is answered ok.
 * The reference is copied. */
bool draft_ask_split(struct view *asker, int token, const struct draft_ref *ref);
/* Shows what merging comes to and does it when affirmed; the same of n drafts. */
bool draft_ask_merge(struct view *asker, int token, const struct draft_ref *refs, size_t n);

/* The same of orders of a batch that wait; the seqs are copied. */
bool draft_ask_batch(struct view *asker, int token, int64_t batch, const int64_t *seqs, size_t n);

#endif
