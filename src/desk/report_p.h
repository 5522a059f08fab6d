/* report_p.h - between the files of the reports. */
#ifndef KP_DESK_REPORT_P_H
#define KP_DESK_REPORT_P_H

#include "desk/report.h"

enum report_dim report_by_dim(enum report_by by);
enum report_split report_by_split(enum report_by by); /* without `months` */
bool report_by_date(enum report_by by);               /* its rows are days or months */

#endif
