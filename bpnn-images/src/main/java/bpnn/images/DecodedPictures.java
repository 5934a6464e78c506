package bpnn.images;

import bpnn.data.ImageShape;
import java.util.List;

/**
 * The pictures of a list, decoded.
 *
 * @param shape of each
 * @param pixels of those that could be read, back to back
 * @param labels of those
 * @param unreadable what is wrong with the others, a sentence each
 * @param warnings what else a user should know, a sentence each
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
record DecodedPictures(ImageShape shape, byte[] pixels, int[] labels, List<String> unreadable, List<String> warnings) {}
