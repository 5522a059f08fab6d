/* base/process.h - what nobody else gets to see of this process. */
#ifndef KP_BASE_PROCESS_H
#define KP_BASE_PROCESS_H

/* No core files, and no tracing by others of the same account: keys are in memory while they are
 * used.  To be called before anything else; children that exec are not concerned. */
void process_close_up(void);

#endif
