/* desk/params_port.h - parameter triples from a file: 配置项类型, 键, 值 (features I3, M15). */
#ifndef KP_DESK_PARAMS_PORT_H
#define KP_DESK_PARAMS_PORT_H

#include "desk/session.h"

struct param_row {
	int64_t row; /* of the file, from 1; of JSON the element */
	const char *type, *key, *value;
	const char *warning; /* "" none */
	const char *fault;   /* why it cannot be; "" it can */
};
typedef void (*param_row_each)(void *arg, const struct param_row *row);
/* A CSV, TSV or workbook of three columns (a heading may be there), or JSON: an array of
 * [type, key, value] or of {"type","key","value"}.  Every row is told; one that is at fault leaves
 * everything as it was, ERR_INVALID "param.import".  Unknown parameters are kept and warned of. */
enum err desk_params_import(struct session *s, const char *path, param_row_each f, void *arg,
			    int64_t *count, struct err_info *e);

#endif
