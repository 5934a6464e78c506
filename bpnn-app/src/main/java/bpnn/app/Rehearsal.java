package bpnn.app;

import bpnn.app.session.ExitCode;
import bpnn.app.session.Terminal;
import bpnn.io.file.Scratch;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Trains for a moment and reads a picture with what was learnt, so that the JVM can write an archive of the classes which
 * that takes. The launcher calls it once for each Java; what the program does is the same without.
 */
final class Rehearsal {
    private static final int SIDE = 28;

    private Rehearsal() {}

    /** Exits with the code of the first command that fails, else with 0. */
    public static void main(String[] arguments) throws IOException {
        int exitCode;
        try (Scratch folder = Scratch.folder("bpnn-rehearsal")) {
            exitCode = run(folder.path());
        }
        System.exit(exitCode);
    }

    private static int run(Path folder) throws IOException {
        Path picture = folder.resolve("one.png");
        draw(picture);
        Path out = folder.resolve("run");
        Path model = out.resolve("model.safetensors");
        // A part of an epoch of the default network: enough for the kernels to be compiled.
        int exitCode = command(
                "train",
                "--dataset",
                "synthetic",
                "--limit",
                "12000",
                "--validation",
                "2000",
                "--epochs",
                "1",
                "--backend",
                "cpu",
                "--out",
                out.toString());
        return exitCode == ExitCode.DONE
                ? command("predict", "--backend", "cpu", "--model", model.toString(), picture.toString())
                : exitCode;
    }

    private static int command(String... words) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Program(new Terminal(nowhere, nowhere, false, false, 80)).run(words);
    }

    private static void draw(Path file) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(SIDE / 2 - 2, SIDE / 4, 4, SIDE / 2);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
