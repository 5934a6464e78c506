package bpnn.io.image;

/** Grey values between 0 and 255, row by row. */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
record GreyImage(int width, int height, float[] values) {
    /** Side of the box that holds a digit, as a share of the image, as in MNIST. */
    private static final float BOX = 20f / 28;

    /** The same in EMNIST. */
    private static final float BOUNDING_BOX = 24f / 28;

    float at(int x, int y) {
        return values[y * width + x];
    }

    /** Turned and mirrored as an EXIF orientation, from 1 to 8, says. */
    GreyImage oriented(int orientation) {
        boolean turned = orientation > 4;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int newWidth = turned ? height : width;
        int newHeight = turned ? width : height;
        float[] result = new float[values.length];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int column = turned ? y : x;
                int row = turned ? x : y;
                result[y * newWidth + x] =
                        at(fromRight ? width - 1 - column : column, fromBottom ? height - 1 - row : row);
            }
        }
        return new GreyImage(newWidth, newHeight, result);
    }

    GreyImage inverted() {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 255 - values[i];
        }
        return new GreyImage(width, height, result);
    }

    /** The columns from {@code left} to {@code right} of the rows from {@code top} to {@code bottom}, each included. */
    GreyImage cropped(int left, int top, int right, int bottom) {
        int newWidth = right - left + 1;
        float[] part = new float[newWidth * (bottom - top + 1)];
        for (int y = top; y <= bottom; y++) {
            System.arraycopy(values, y * width + left, part, (y - top) * newWidth, newWidth);
        }
        return new GreyImage(newWidth, bottom - top + 1, part);
    }

    /** The largest part in the middle that has the proportions of {@code partWidth} x {@code partHeight}. */
    GreyImage middle(int partWidth, int partHeight) {
        long across = (long) width * partHeight;
        long down = (long) height * partWidth;
        if (across == down) {
            return this;
        }
        int newWidth = across > down ? Math.max(1, Math.round((float) down / partHeight)) : width;
        int newHeight = across > down ? height : Math.max(1, Math.round((float) across / partWidth));
        int left = (width - newWidth) / 2;
        int top = (height - newHeight) / 2;
        return cropped(left, top, left + newWidth - 1, top + newHeight - 1);
    }

    /** Scaled into a box of 6/7 of {@code side} in the middle of {@code side} x {@code side} pixels, as in EMNIST. */
    GreyImage boxed(int side) {
        GreyImage small = scaledInto(Math.round(side * BOUNDING_BOX));
        return small.placed((side - small.width) / 2, (side - small.height) / 2, side);
    }

    /** Scaled into the box, its centre of mass in the centre of {@code side} x {@code side} pixels. */
    GreyImage centred(int side) {
        GreyImage small = scaledInto(Math.round(side * BOX));
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int y = 0; y < small.height; y++) {
            for (int x = 0; x < small.width; x++) {
                mass += small.at(x, y);
                massX += small.at(x, y) * (x + 0.5);
                massY += small.at(x, y) * (y + 0.5);
            }
        }
        int left = (int) Math.max(0, Math.min(side - small.width, Math.round(side / 2.0 - massX / mass)));
        int top = (int) Math.max(0, Math.min(side - small.height, Math.round(side / 2.0 - massY / mass)));
        return small.placed(left, top, side);
    }

    /** On a black square. */
    private GreyImage placed(int left, int top, int side) {
        float[] result = new float[side * side];
        for (int y = 0; y < height; y++) {
            System.arraycopy(values, y * width, result, (top + y) * side + left, width);
        }
        return new GreyImage(side, side, result);
    }

    /** The same picture with the longer side {@code box} pixels long. */
    GreyImage scaledInto(int box) {
        double factor = (double) Math.max(width, height) / box;
        int newWidth = Math.max(1, (int) Math.round(width / factor));
        int newHeight = Math.max(1, (int) Math.round(height / factor));
        return scaledTo(newWidth, newHeight);
    }

    /** The same picture at another size, each pixel the mean of what it covers. */
    GreyImage scaledTo(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        float[] result = new float[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                result[y * newWidth + x] = (float) areaMean(
                        x * (double) width / newWidth,
                        (x + 1) * (double) width / newWidth,
                        y * (double) height / newHeight,
                        (y + 1) * (double) height / newHeight);
            }
        }
        return new GreyImage(newWidth, newHeight, result);
    }

    /** The mean over a rectangle whose sides need not fall between pixels. */
    private double areaMean(double left, double right, double top, double bottom) {
        double sum = 0;
        for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
            double high = Math.min(bottom, y + 1) - Math.max(top, y);
            for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
                sum += high * (Math.min(right, x + 1) - Math.max(left, x)) * at(x, y);
            }
        }
        return sum / ((right - left) * (bottom - top));
    }

    byte[] bytes() {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(values[i]);
        }
        return bytes;
    }
}
