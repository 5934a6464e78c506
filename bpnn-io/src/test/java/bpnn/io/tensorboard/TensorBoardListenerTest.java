package bpnn.io.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.HistogramProto;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

class TensorBoardListenerTest {
    @TempDir
    Path folder;

    /** The records of the only file, their checksums compared with a table-free CRC-32C of this test's own. */
    private List<byte[]> records() throws IOException {
        byte[] bytes;
        try (Stream<Path> files = Files.list(folder)) {
            bytes = Files.readAllBytes(files.findFirst().orElseThrow());
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] length = new byte[8];
            buffer.get(length);
            assertThat(buffer.getInt()).isEqualTo(masked(length));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            buffer.get(data);
            assertThat(buffer.getInt()).isEqualTo(masked(data));
            records.add(data);
        }
        return records;
    }

    private static int masked(byte[] data) {
        int crc = -1;
        for (byte value : data) {
            crc ^= value & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    /** Read by the messages that TensorFlow generates from its own definitions. */
    private List<Event> events() throws IOException {
        List<Event> events = new ArrayList<>();
        for (byte[] record : records()) {
            Event event = Event.parseFrom(record);
            assertThat(event.getUnknownFields().asMap()).isEmpty();
            events.add(event);
        }
        return events;
    }

    private static Summary.Value value(Event event, String tag) {
        return event.getSummary().getValueList().stream()
                .filter(value -> value.getTag().equals(tag))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyEpochIsAnEventWithScalars() throws IOException {
        Map<String, StateTensor> state = Map.of("fc1.weight", StateTensor.vector(-1, 0, 0.5f, 1));
        try (TensorBoardListener listener = new TensorBoardListener(folder, () -> state, 0)) {
            listener.onEpoch(new EpochResult(1, 5, 0.75, new Evaluation(0.5, 0.25, new int[0], new float[0]), 2, 100));
            listener.onEpoch(new EpochResult(2, 5, 0.5, null, 2, 100));
        }

        List<Event> events = events();
        assertThat(events).hasSize(3);
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events).extracting(Event::getStep).containsExactly(0L, 1L, 2L);
        assertThat(events).allSatisfy(event -> assertThat(event.getWallTime()).isGreaterThan(1.6e9));
        assertThat(tags(events.get(1)))
                .containsExactlyInAnyOrder(
                        "loss/train",
                        "speed/imagesPerSecond",
                        "loss/validation",
                        "accuracy/validation",
                        "tensors/fc1.weight");
        assertThat(value(events.get(1), "loss/train").getSimpleValue()).isEqualTo(0.75f);
        assertThat(value(events.get(1), "loss/validation").getSimpleValue()).isEqualTo(0.5f);
        assertThat(value(events.get(1), "accuracy/validation").getSimpleValue()).isEqualTo(0.25f);
        assertThat(value(events.get(1), "speed/imagesPerSecond").getSimpleValue())
                .isEqualTo(50f);
        assertThat(tags(events.get(2)))
                .containsExactlyInAnyOrder("loss/train", "speed/imagesPerSecond", "tensors/fc1.weight");
    }

    private static List<String> tags(Event event) {
        return event.getSummary().getValueList().stream()
                .map(Summary.Value::getTag)
                .toList();
    }

    @Test
    void aHistogramCountsEveryValueInItsBucket() throws IOException {
        float[] values = {-1, -1, 0, 0.5f, 0.96f, 1};
        try (TensorBoardListener listener =
                new TensorBoardListener(folder, () -> Map.of("fc1.bias", StateTensor.vector(values)), 0)) {
            listener.onEpoch(new EpochResult(1, 5, 0.75, null, 2, 100));
        }

        HistogramProto histogram = value(events().get(1), "tensors/fc1.bias").getHisto();
        assertThat(histogram.getMin()).isEqualTo(-1);
        assertThat(histogram.getMax()).isEqualTo(1);
        assertThat(histogram.getNum()).isEqualTo(6);
        assertThat(histogram.getSum()).isEqualTo(-1.0 - 1 + 0.5 + 0.96f + 1);
        assertThat(histogram.getSumSquares()).isEqualTo(1.0 + 1 + 0.25 + 0.96f * (double) 0.96f + 1);
        assertThat(histogram.getBucketCount()).isEqualTo(histogram.getBucketLimitCount());
        double left = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < histogram.getBucketCount(); i++) {
            double right = histogram.getBucketLimit(i);
            boolean last = i == histogram.getBucketCount() - 1;
            long expected = 0;
            for (float value : values) {
                expected += value >= left && (value < right || last && value <= right) ? 1 : 0;
            }
            assertThat(histogram.getBucket(i))
                    .as("values in [%s, %s)", left, right)
                    .isEqualTo(expected);
            left = right;
        }
    }

    /** Two runs that begin in one second, in one process or in two. */
    @Test
    void everyRunHasAFileOfItsOwn() throws IOException {
        for (int run = 0; run < 3; run++) {
            new TensorBoardListener(folder, Map::of, 0).close();
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(file.getFileName().toString())
                            .matches("events\\.out\\.tfevents\\.\\d+\\.[A-Za-z0-9-]+\\."
                                    + ProcessHandle.current().pid() + "\\.\\d+"));
        }
    }

    @Test
    void aResumedRunVoidsWhatAnEarlierFileSaysOfItsEpochs() throws IOException {
        new TensorBoardListener(folder, Map::of, 3).close();

        Event start = events().get(1);
        assertThat(start.getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
        assertThat(start.getStep()).isEqualTo(4);
    }
}
