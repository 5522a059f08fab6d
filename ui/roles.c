/* roles.c - actions that need more than to look. */
#include "ui/roles.h"

#include "ui/screen/parts.h"

/* Actions that mean the same wherever they are offered. */
static const struct {
	enum action action;
	enum desk_action needs;
} NEEDS[] = {
    {ACT_GO_UNITS, DESK_UNITS_VIEW},
    {ACT_GO_WIZARD, DESK_UNITS},
    {ACT_FIRST_SYNC, DESK_UNITS},
    {ACT_FREEZE, DESK_UNITS},
    {ACT_REMOVE_ALL, DESK_UNITS},
    {ACT_SAFETY, DESK_UNITS},
    {ACT_GO_ELIGIBILITY, DESK_UNITS_VIEW},
    {ACT_GO_LOG, DESK_LOG},
    {ACT_GO_BLUE, DESK_ISSUE},
    {ACT_NEW_INVOICE, DESK_ISSUE},
    {ACT_COPY_INVOICE, DESK_ISSUE},
    {ACT_GO_DRAFTS, DESK_ISSUE},
    {ACT_DRAFTS, DESK_ISSUE},
    {ACT_TEMPLATES, DESK_ISSUE},
    {ACT_GO_RED_APPLY, DESK_ISSUE},
    {ACT_RED_WHOLE, DESK_ISSUE},
    {ACT_IMPORT, DESK_CATALOGUE},
    {ACT_CLAIM, DESK_STOCK},
    {ACT_CLAIM_ON, DESK_STOCK},
    {ACT_QUOTA_DOWNLOAD, DESK_STOCK},
    {ACT_QUOTA_RETURN, DESK_STOCK},
    {ACT_QUOTA_ADJUST, DESK_STOCK},
    {ACT_QUOTA_REFRESH, DESK_STOCK},
    {ACT_AUTO, DESK_STOCK},
    {ACT_SUMMARY_CONFIRM, DESK_SUMMARY},
    {ACT_SUMMARY_CANCEL, DESK_SUMMARY},
    {ACT_SUMMARY_LOOK, DESK_REFRESH},
    {ACT_SYNC_TAXPAYER, DESK_REFRESH},
    {ACT_SYNC_CODES, DESK_REFRESH},
    {ACT_GO_RED_DOWNLOAD, DESK_REFRESH},
    {ACT_RECON, DESK_REFRESH},
    {ACT_ADOPT, DESK_SETTLE},
    {ACT_DISMISS, DESK_SETTLE},
    {ACT_MAIL_SET, DESK_POST},
    {ACT_PUSH_SET, DESK_POST},
    {ACT_POST_TEST, DESK_POST},
};

const char *role_why_not(enum action a)
{
	if (!ui_session())
		return NULL;
	for (size_t i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
		if (NEEDS[i].action == a)
			return screen_may(NEEDS[i].needs);
	return NULL;
}

bool role_may(enum action a)
{
	return !role_why_not(a);
}
