package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import bpnn.data.Dataset;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.spi.ReferenceBackend;
import java.nio.file.Path;
import java.util.Map;

/** Whether ONNX Runtime makes of a graph what bpnn makes of the model that it was written from. */
public final class OnnxComparison {
    private OnnxComparison() {}

    /** Probabilities within 1e-5, and the same most probable class, for every image. */
    public static void compare(Path model, Path onnx, Dataset test) throws OrtException {
        float[][] expected;
        try (ReferenceBackend backend = new ReferenceBackend();
                LoadedModel loaded = new LoadedModel(backend, Model.read(model, line -> {}))) {
            expected = loaded.probabilities(test);
        }
        compare(expected, onnx, test);
    }

    /** The same, for probabilities of whatever was written. */
    public static void compare(float[][] expected, Path onnx, Dataset test) throws OrtException {
        float[][] pixels = new float[test.size()][test.features()];
        for (int i = 0; i < test.pixels().length; i++) {
            pixels[i / test.features()][i % test.features()] = test.pixels()[i] & 0xFF;
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, pixels);
                OrtSession.Result result = session.run(Map.of("pixels", input))) {
            float[][] actual =
                    (float[][]) result.get("probabilities").orElseThrow().getValue();
            for (int i = 0; i < test.size(); i++) {
                assertThat(actual[i]).as("image %d", i).containsExactly(expected[i], within(1e-5f));
                assertThat(best(actual[i])).as("image %d", i).isEqualTo(best(expected[i]));
            }
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("imageShape", test.format().shape().toString());
        }
    }

    private static int best(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }
}
