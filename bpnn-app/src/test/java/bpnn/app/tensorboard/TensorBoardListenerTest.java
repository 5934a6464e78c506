package bpnn.app.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.StateTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void everyEpochIsARecordWithScalarsAndHistograms() throws IOException {
        Map<String, StateTensor> state = Map.of("fc1.weight", StateTensor.vector(-1, 0, 0.5f, 1));
        try (TensorBoardListener listener = new TensorBoardListener(folder, () -> state)) {
            listener.onEpoch(new EpochResult(1, 5, 0.75, new Evaluation(0.5, 0.25, new int[0], new float[0]), 2, 100));
            listener.onEpoch(new EpochResult(2, 5, 0.5, null, 2, 100));
        }

        List<byte[]> records = records();
        assertThat(records).hasSize(3);
        assertThat(text(records.get(0))).contains("brain.Event:2");
        assertThat(text(records.get(1)))
                .contains("loss/train", "loss/validation", "accuracy/validation", "tensors/fc1.weight");
        assertThat(text(records.get(2))).doesNotContain("validation");
        String scalar = text(new byte[] {10, 10}) + "loss/train" + text(new byte[] {21, 0, 0, 64, 63});
        assertThat(text(records.get(1))).as("0.75 behind its tag").contains(scalar);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
