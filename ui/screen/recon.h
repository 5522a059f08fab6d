/* ui/screen/recon.h - 对账: the runs, and the differences of one. */
#ifndef KP_UI_SCREEN_RECON_H
#define KP_UI_SCREEN_RECON_H

#include "ui/view.h"

/* Argument: const int64_t * of the run. */
extern const struct view_ops view_recon_run_ops;

/* Asks for month and way, shows what may still be applied for, and begins. */
bool recon_ask_start(void);
/* The differences of a run as a workbook in the folder of files. */
void recon_save(int64_t run);

#endif
