/* ui/screens.h - the screens there are, one file each under ui/screen/. */
#ifndef KP_UI_SCREENS_H
#define KP_UI_SCREENS_H

#include "ui/view.h"

extern const struct view_ops view_login_ops, view_home_ops, view_blue_ops, view_invoices_ops,
    view_drafts_ops, view_numbers_ops, view_quota_ops, view_taxpayer_ops, view_buyers_ops,
    view_goods_ops, view_types_ops, view_codes_ops, view_units_ops, view_wizard_ops, view_jobs_ops,
    view_runs_ops, view_log_ops, view_deliver_ops, view_recon_ops, view_report_ops,
    view_batches_ops, view_red_ops, view_summary_ops, view_doctor_ops, view_drawers_ops,
    view_eligibility_ops, view_plan_ops;

#endif
