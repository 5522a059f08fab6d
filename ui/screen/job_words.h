/* ui/screen/job_words.h - what a job was for and what came of it, in words. */
#ifndef KP_UI_SCREEN_JOB_WORDS_H
#define KP_UI_SCREEN_JOB_WORDS_H

#include "base/buf.h"
#include "desk/engine.h"

/* Lines of payload and result for the reader dialog. */
void job_add_words(const struct job *j, struct buf *b);
/* 购方信息 · 客户.xlsx · 新增 3 失败 2（先检查） of an import, the file last where there is little
 * room; what went wrong of any. */
void job_line(const struct job *j, bool wide, char *out, size_t size);
/* An import that only looks. */
bool job_is_trial(const struct job *j);

#endif
