/* ui/screen/deliver.h - 交付与推送: mails and pushes of results; asking for them from elsewhere. */
#ifndef KP_UI_SCREEN_DELIVER_H
#define KP_UI_SCREEN_DELIVER_H

#include "ui/screen/parts.h"
#include "ui/screens.h"

/* ---- deliver_do.c ---- */

/* Asks for the address and sends the invoices; several go each to its own address unless one is
 * typed. */
void deliver_mail(const int64_t *ids, size_t n);
/* Records their pushes and says so. */
void deliver_push(const int64_t *ids, size_t n);

#endif
