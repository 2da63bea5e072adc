/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/* That the headers compile alone, and together. */

#include "caliptra_model.h"
/* */
#include "caliptra_bootmcu.h"
/* */
#include "caliptra_emu.h"

#ifdef CALIPTRA_MODEL_2_X
_Static_assert(offsetof(struct caliptra_model_init_params, rom) == sizeof(void*), "the 2.x form begins with a version");
#else
/* The layout of the reference's binding on hosts of 64 bits. */
_Static_assert(sizeof(void*) != 8 || sizeof(struct caliptra_model_init_params) == 72, "size");
_Static_assert(sizeof(void*) != 8 || offsetof(struct caliptra_model_init_params, security_state) == 48, "state");
_Static_assert(sizeof(void*) != 8 || offsetof(struct caliptra_model_init_params, soc_user) == 52, "user");
_Static_assert(sizeof(void*) != 8 || offsetof(struct caliptra_model_init_params, optional_obf_key) == 56, "key");
#endif
_Static_assert(offsetof(caliptra_emu_config, size) == 0, "the size comes first");
_Static_assert(offsetof(caliptra_bootmcu_config, size) == 0, "the size comes first");
_Static_assert(offsetof(caliptra_bootmcu_status, size) == 0, "the size comes first");
_Static_assert(offsetof(caliptra_emu_soc_plan, size) == 0, "the size comes first");

typedef int not_an_empty_file;
