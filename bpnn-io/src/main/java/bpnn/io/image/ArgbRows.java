package bpnn.io.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/** The rows of a picture, each pixel as 8 bits of alpha, red, green and blue. */
interface ArgbRows {
    /** Reads a row into {@code argb}, which has room for it. */
    void read(int y, int[] argb);

    /**
     * Java takes grey samples for linear light and brightens them on the way to sRGB, but files hold them as sRGB does.
     * Samples of 16 bits count by their high byte.
     */
    static ArgbRows of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int width = image.getWidth();
        boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        boolean wide = model.getTransferType() == DataBuffer.TYPE_USHORT && model.getComponentSize(0) == 16;
        boolean bytes = model.getTransferType() == DataBuffer.TYPE_BYTE && model.getComponentSize(0) == 8;
        boolean samplesAreColours =
                grey || ((wide || bytes) && model.getColorSpace().isCS_sRGB());
        if (!(model instanceof ComponentColorModel) || model.isAlphaPremultiplied() || !samplesAreColours) {
            return (y, argb) -> image.getRGB(0, y, width, 1, argb, 0, width);
        }
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int shift = wide ? 8 : 0;
        int green = grey ? 0 : 1;
        int blue = grey ? 0 : 2;
        int alpha = model.hasAlpha() ? bands - 1 : -1;
        int[] samples = new int[width * bands];
        return (y, argb) -> {
            raster.getPixels(0, y, width, 1, samples);
            for (int x = 0; x < width; x++) {
                int at = x * bands;
                argb[x] = (alpha < 0 ? 0xFF : samples[at + alpha] >> shift) << 24
                        | samples[at] >> shift << 16
                        | samples[at + green] >> shift << 8
                        | samples[at + blue] >> shift;
            }
        };
    }
}
