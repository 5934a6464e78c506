package bpnn.web;

import bpnn.data.DataException;
import bpnn.data.ImageFormat;
import bpnn.io.file.Word;
import bpnn.io.image.Drawing;
import bpnn.io.image.InputPicture;
import bpnn.nn.Prediction;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Classifies drawings with each model, as JSON for the page. */
final class DrawingClassifier {
    private static final Pattern UNIT = Pattern.compile("model=([0-9]{1,3})&unit=([0-9]{1,7})");

    private final List<ServedModel> models;
    private final ImageFormat format;

    /** @throws DataException unless all models take the same images */
    DrawingClassifier(List<ServedModel> models) {
        this.models = List.copyOf(models);
        this.format = models.get(0).model().format();
        for (ServedModel model : models) {
            ImageFormat other = model.model().format();
            if (!other.shape().equals(format.shape()) || other.framing() != format.framing()) {
                throw new DataException("The networks take different images, " + format.shape() + " and "
                        + other.shape() + ", so one drawing cannot be shown to both; start the page for one of them.");
            }
        }
    }

    /** The pen, the images that the models take, and name, structure and classes of each model. */
    ObjectNode describe() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("pen", Drawing.PEN);
        json.put("height", format.shape().height());
        json.put("width", format.shape().width());
        json.put("channels", format.shape().channels());
        json.put("framing", Word.of(format.framing()));
        ArrayNode list = json.putArray("models");
        for (ServedModel model : models) {
            ObjectNode entry = list.addObject()
                    .put("name", model.name())
                    .put("members", model.members().size())
                    .put("inputs", model.spec().inputs())
                    .put("activation", Word.of(model.spec().activation()))
                    .put("batchNorm", model.spec().batchNorm());
            ArrayNode hidden = entry.putArray("hidden");
            model.spec().hidden().forEach(hidden::add);
            model.model().format().classNames().forEach(entry.putArray("classes")::add);
        }
        return json;
    }

    /** The pixels that the models see, and for each model the probabilities and every hidden unit's activation. */
    ObjectNode classify(Drawing drawing) throws RequestException {
        return classify(InputPicture.of(drawing, format)
                .orElseThrow(() -> new RequestException(422, "Nothing is drawn yet; draw something.")));
    }

    /** Likewise, of the content of a picture's file; one at a time, since a large one takes much memory. */
    synchronized ObjectNode classify(byte[] content) throws RequestException {
        try {
            return classify(InputPicture.decode("The file", content, format, InputPicture.Inversion.AUTO));
        } catch (DataException e) {
            throw new RequestException(422, String.valueOf(e.getMessage()));
        }
    }

    private synchronized ObjectNode classify(InputPicture picture) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode pixels = json.putArray("pixels");
        for (byte pixel : picture.pixels()) {
            pixels.add(pixel & 0xFF);
        }
        ArrayNode predictions = json.putArray("readings");
        for (ServedModel model : models) {
            Prediction prediction = model.read(picture.dataset(model.model().format()));
            ObjectNode entry = predictions.addObject();
            numbers(entry.putArray("probabilities"), prediction.probabilities(), 1e6);
            ArrayNode hidden = entry.putArray("hidden");
            prediction.hidden().forEach(layer -> numbers(hidden.addArray(), layer, 1e3));
        }
        return json;
    }

    /**
     * The weights of a unit of the first layer.
     *
     * @param query {@code model=M&unit=N}, both counted from 0
     */
    ObjectNode weights(@Nullable String query) throws RequestException {
        Matcher asked = UNIT.matcher(query == null ? "" : query);
        if (!asked.matches()) {
            throw new RequestException(400, "Weights are asked for by weights?model=M&unit=N.");
        }
        int model = Integer.parseInt(asked.group(1));
        int unit = Integer.parseInt(asked.group(2));
        if (model >= models.size() || unit >= models.get(model).firstUnits()) {
            throw new RequestException(404, "There is no such unit.");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        numbers(json.putArray("weights"), models.get(model).weights(unit), 1e6);
        return json;
    }

    /** Rounded to what a page can show; what is no number is null. */
    private static void numbers(ArrayNode array, float[] values, double precision) {
        for (float value : values) {
            if (Float.isFinite(value)) {
                array.add(Math.round(value * precision) / precision);
            } else {
                array.addNull();
            }
        }
    }
}
