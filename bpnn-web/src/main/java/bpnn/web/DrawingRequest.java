package bpnn.web;

import bpnn.io.image.Drawing;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Strokes as the page sends them: {@code {"strokes": [[x, y, x, y, ...], ...]}}, coordinates from 0 to 1. */
final class DrawingRequest {
    /** More than anybody draws in a minute. */
    static final int MAX_BYTES = 1 << 18;

    private static final int MAX_POINTS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(40)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private DrawingRequest() {}

    static Drawing parse(byte[] body) throws RequestException {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (IOException e) {
            throw new RequestException(400, "The request is not JSON.");
        }
        JsonNode given = root.path("strokes");
        if (!given.isArray()) {
            throw new RequestException(
                    400, "The request holds no strokes; {\"strokes\": [[x, y, ...], ...]} is expected.");
        }
        List<float[]> strokes = new ArrayList<>();
        int points = 0;
        for (JsonNode stroke : given) {
            points += stroke.size() / 2;
            if (points > MAX_POINTS) {
                throw new RequestException(413, "The drawing has more than " + MAX_POINTS + " points.");
            }
            strokes.add(points(stroke));
        }
        return new Drawing(strokes);
    }

    private static float[] points(JsonNode stroke) throws RequestException {
        if (!stroke.isArray() || stroke.isEmpty() || stroke.size() % 2 != 0) {
            throw new RequestException(400, "A stroke is a list of x and y in turn, at least one pair.");
        }
        float[] points = new float[stroke.size()];
        for (int i = 0; i < points.length; i++) {
            JsonNode number = stroke.get(i);
            points[i] = number.floatValue();
            if (!number.isNumber() || !(points[i] >= 0 && points[i] <= 1)) {
                throw new RequestException(
                        400, "A coordinate is a number from 0 to 1, but one is " + brief(number) + ".");
            }
        }
        return points;
    }

    private static String brief(JsonNode node) {
        String text = node.toString();
        return text.length() > 20 ? text.substring(0, 20) + "..." : text;
    }
}
