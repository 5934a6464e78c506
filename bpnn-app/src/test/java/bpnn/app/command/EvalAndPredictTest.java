package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.data.Dataset;
import bpnn.mnist.IdxFolder;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalAndPredictTest {
    @TempDir
    static Path folder;

    private static Path data;
    private static Path model;
    private static JsonNode trained;

    @BeforeAll
    static void train() {
        data = TinyData.in(folder);
        model = folder.resolve("run/model.safetensors");
        Cli cli = Cli.run(
                "train",
                "--backend=reference",
                "--dataset",
                data,
                "--out",
                folder.resolve("run"),
                "--json",
                "--hidden=16",
                "--batch-size=10",
                "--epochs=5",
                "--normalize=standard",
                "--batch-norm");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        trained = cli.json();
    }

    @Test
    void evalFindsWhatTrainingFound() {
        JsonNode json = Cli.run("eval", "--backend=reference", "--model", model, "--dataset", data, "--json")
                .json();

        assertThat(json.get("accuracy")).isEqualTo(trained.get("testAccuracy"));
        assertThat(json.get("loss")).isEqualTo(trained.get("testLoss"));
        assertThat(json.get("weightsSha256")).isEqualTo(trained.get("weightsSha256"));
        int images = 0;
        int right = 0;
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 10; j++) {
                images += json.get("confusion").get(i).get(j).intValue();
            }
            right += json.get("confusion").get(i).get(i).intValue();
        }
        assertThat(images).isEqualTo(TinyData.TEST);
        assertThat((double) right / images)
                .isEqualTo(trained.get("testAccuracy").doubleValue());
    }

    @Test
    void evalShowsTheConfusionAsATable() {
        Cli cli = Cli.run("eval", "--backend=reference", "--model", model, "--dataset", data);

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out()).startsWith("Accuracy 0.").contains("on the 50 test images of tiny", "read as", "misread");
    }

    @Test
    void predictTellsTheTenProbabilities() {
        JsonNode json = Cli.run(
                        "predict",
                        "--backend=reference",
                        "--model",
                        model,
                        "--dataset",
                        data,
                        "--index",
                        "0,3",
                        "--json")
                .json();

        JsonNode predictions = json.get("predictions");
        assertThat(predictions).hasSize(2);
        double sum = 0;
        for (JsonNode probability : predictions.get(0).get("probabilities")) {
            sum += probability.doubleValue();
        }
        assertThat(sum).isBetween(0.999, 1.001);
        assertThat(predictions.get(1).get("label").intValue())
                .isEqualTo(IdxFolder.load(data).test().label(3));
    }

    @Test
    void aPictureIsReadAsTheTestImageThatItShows() throws IOException {
        Dataset test = IdxFolder.load(data).test();
        Path light = picture(test, 2, false);
        Path dark = picture(test, 2, true);

        JsonNode predictions = Cli.run(
                        "predict",
                        "--backend=reference",
                        "--model",
                        model,
                        "--dataset",
                        data,
                        "--index=2",
                        light,
                        dark,
                        "--json")
                .json()
                .get("predictions");

        assertThat(predictions.get(0).get("probabilities"))
                .isEqualTo(predictions.get(2).get("probabilities"));
        assertThat(predictions.get(1).get("probabilities"))
                .isEqualTo(predictions.get(2).get("probabilities"));
        assertThat(predictions.get(0).get("inverted").booleanValue()).isFalse();
        assertThat(predictions.get(1).get("inverted").booleanValue()).isTrue();
    }

    private static Path picture(Dataset data, int index, boolean inverted) throws IOException {
        BufferedImage image = new BufferedImage(data.width(), data.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < data.features(); i++) {
            int grey = data.pixels()[index * data.features() + i] & 0xFF;
            int shown = inverted ? 255 - grey : grey;
            image.setRGB(i % data.width(), i / data.width(), shown << 16 | shown << 8 | shown);
        }
        Path file = folder.resolve(inverted ? "dark.png" : "light.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void nothingToReadIsAUsageError() {
        assertThat(Cli.run("predict", "--model", model).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("predict", "x.png").exitCode()).isEqualTo(ExitCode.USAGE);
        Cli outside = Cli.run("predict", "--model", model, "--dataset", data, "--index=50");
        assertThat(outside.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outside.err()).contains("--index is 50", "0 to 49");
    }

    @Test
    void aFileThatIsNoModelOrNoPictureIsADataError() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "neither a picture nor a model");

        Cli badModel = Cli.run("eval", "--backend=reference", "--model", text, "--dataset", data);
        assertThat(badModel.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(badModel.err()).contains(text.toString());
        Cli badPicture = Cli.run("predict", "--backend=reference", "--model", model, text);
        assertThat(badPicture.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(badPicture.err()).contains(text + " is not a picture");
    }
}
