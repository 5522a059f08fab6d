/* print/files_p.h - the writers behind print_render. */
#ifndef KP_PRINT_FILES_P_H
#define KP_PRINT_FILES_P_H

#include "print/print.h"
#include "print/sheet_p.h"

/* EInvoice 0.36. */
enum err xml_write(const struct print_face *face, struct buf *out, struct err_info *e);
/* Terminal text, TEXT_COLUMNS wide. */
enum { TEXT_COLUMNS = 100 };
enum err text_write(const struct print_face *face, struct buf *out, struct err_info *e);
/* The sheets of a face as PDF and as OFD. */
enum err pdf_write(const struct print_face *face, const struct sheets *s, struct buf *out,
		   struct err_info *e);
enum err ofd_write(const struct print_face *face, const struct sheets *s, struct buf *out,
		   struct err_info *e);

#endif
