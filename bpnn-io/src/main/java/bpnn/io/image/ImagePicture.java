package bpnn.io.image;

import bpnn.data.Dataset;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;

/** An image of a data set as a picture. */
public final class ImagePicture {
    private ImagePicture() {}

    /** The image, in its own size. */
    public static BufferedImage of(Dataset data, int image) {
        BufferedImage picture = new BufferedImage(data.width(), data.height(), type(data));
        draw(data, image, picture, 0, 0);
        return picture;
    }

    /** The type of picture that holds the images of a data set. */
    static int type(Dataset data) {
        return data.format().shape().channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    }

    /** Draws an image on a larger picture. */
    static void draw(Dataset data, int image, BufferedImage picture, int left, int top) {
        WritableRaster raster = picture.getRaster();
        int channels = data.format().shape().channels();
        int from = data.start(image);
        for (int i = 0; i < data.features(); i++) {
            int pixel = i / channels;
            raster.setSample(
                    left + pixel % data.width(),
                    top + pixel / data.width(),
                    i % channels,
                    data.storage()[from + i] & 0xFF);
        }
    }
}
