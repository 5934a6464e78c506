package bpnn.mnist;

/** Puts the pixels of images into another order. */
final class PixelOrder {
    private PixelOrder() {}

    /** Transposes images back to back, each a matrix of {@code rows} x {@code columns} bytes, in place. */
    static void transpose(byte[] pixels, int rows, int columns) {
        byte[] image = new byte[rows * columns];
        for (int start = 0; start + image.length <= pixels.length; start += image.length) {
            System.arraycopy(pixels, start, image, 0, image.length);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    pixels[start + j * rows + i] = image[i * columns + j];
                }
            }
        }
    }
}
