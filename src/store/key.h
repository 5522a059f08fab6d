/* store/key.h - the key of a home, and which of two it is when its change was interrupted.
 *
 * A new key is written beside the old one ("NAME.next"), then one transaction seals everything anew
 * and notes which key that was, then the file takes the old one's place.  Whatever moment the power
 * goes at, the note says which of the two opens the store.  A file whose place cannot be taken (one
 * mounted by itself) is found out before anything is sealed.
 */
#ifndef KP_STORE_KEY_H
#define KP_STORE_KEY_H

#include "base/secret.h"
#include "store/db.h"

/* The key that opens what is sealed in db; finishes a change that was interrupted.  Errors as
 * secret_load. */
enum err home_load_key(const char *home, struct db *db, unsigned char key[SECRET_KEY],
		       struct err_info *e);
/* Where the key lies when it is the one beside, in a place it could not take so far; else "". */
enum err home_key_beside(const char *home, struct db *db, char next[SECRET_PATH],
			 struct err_info *e);
/* The place of the key file and of the next one.  ERR_DENIED "key.credential": the key is not ours
 * to change. */
enum err home_key_files(const char *home, char path[SECRET_PATH], char next[SECRET_PATH],
			struct err_info *e);
/* Which key that is, as the note names it, and whether it still is: what was read or sealed
 * before a change must not be stored behind it.  The latter inside the transaction that stores;
 * ERR_BUSY "key.changed". */
enum err store_key_noted(struct db *db, char name[HASH_TEXT], struct err_info *e);
enum err store_key_same(struct db *db, const char *name, struct err_info *e);
/* Notes that everything is sealed under this key now.  Inside that transaction. */
enum err store_key_note(struct db *db, const unsigned char key[SECRET_KEY], struct err_info *e);

#endif
