/* ui/screen/blue_more.h - what an invoice may carry besides the fields of the form: a box for each
 * subject, over the form.
 *
 * The box works on a copy of the invoice; its result is that copy.  What cannot be read keeps it
 * open; what breaks a rule is said and kept, as a draft may be unfinished.
 */
#ifndef KP_UI_SCREEN_BLUE_MORE_H
#define KP_UI_SCREEN_BLUE_MORE_H

#include "tax/tax.h"
#include "ui/view.h"

enum more_subject {
	MORE_DIFFERENTIAL, /* 差额征税, 扣除凭证 */
	MORE_PAYMENT,      /* 结算方式, 支付渠道 */
	MORE_PERSON,       /* 自然人证件, 邮箱手机, 经办人 */
	MORE_SHOWN,        /* 展示地址银行, 煤炭品质 */
	MORE_EXTRAS,       /* 附加要素 */
	MORE_SUBJECTS
};

struct more_arg {
	enum more_subject subject;
	const struct invoice *invoice; /* copied */
	const char *path;              /* of a finding to begin at, or NULL */
	const char *sentence;          /* of that finding */
};
/* Result: const struct invoice *. */
extern const struct view_ops view_blue_more_ops;

/* The subject whose box has the field ("vouchers[1].number"); MORE_SUBJECTS: none. */
enum more_subject blue_more_of(const char *path);
const char *blue_more_title(enum more_subject subject);
/* What the invoice has of it in a few words ("差额 1,000.00"), "" nothing. */
const char *blue_more_mark(const struct invoice *inv, enum more_subject subject, char out[80]);

#endif
