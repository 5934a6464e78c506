package bpnn.images;

import bpnn.data.ImageShape;
import java.util.List;

/**
 * A part of a data set as it was read, before it is known what classes all parts have together.
 *
 * @param source what it came from, for messages
 * @param shape size of an image
 * @param pixels images back to back
 * @param labels one for each image
 * @param warnings what a user should know, a sentence each
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
record Part(String source, ImageShape shape, byte[] pixels, Labels labels, List<String> warnings) {
    int size() {
        return labels.values().length;
    }
}
