#ifndef UMFB_DEMO_FONT_H
#define UMFB_DEMO_FONT_H

#include <stdbool.h>

enum { glyph_width = 6, glyph_height = 9 };

/** True where the character has ink at this dot. A character without a glyph is blank. */
bool font_dot(char character, int x, int y);

#endif
