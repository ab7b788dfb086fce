/** What one more rect costs a viewer, in pixels: the default of a sink. */
export const rectPixels = 64
