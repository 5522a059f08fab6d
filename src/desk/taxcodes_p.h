/* desk/taxcodes_p.h - between the files of the tax codes. */
#ifndef KP_DESK_TAXCODES_P_H
#define KP_DESK_TAXCODES_P_H

#include "desk/taxcodes.h"

/* Whose list: that of the session's unit.  A person who has no unit yet, or several and chose none,
 * looks into the starter list (""). */
enum err taxcode_env(struct session *s, const char **env, struct err_info *e);

#endif
